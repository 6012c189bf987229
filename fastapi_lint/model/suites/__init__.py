"""What the test suites of an application do to it."""
