package dev.kapell.client;

/** Reads and writes as one identity. Thread-safe; blocking, for virtual threads. */
public interface Client extends Reader, Writer {}
