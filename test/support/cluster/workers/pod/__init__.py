"""Stand-in for Pod's package: the same applications, tasks and queues, which only wait."""
