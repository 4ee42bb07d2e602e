"""`chatwarden doctor`: looks at everything that can be wrong, and says of each what it is and how to mend it.

It changes nothing but two things that it says: Market counts its requests, and Sentry gets a test event.
"""
