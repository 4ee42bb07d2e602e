"""What no list of words says: a linear model that has learned how requests and moves elsewhere are worded."""
