"""The report of an audit, as JSON, CSV and one HTML file: three ways to write the same figures."""
