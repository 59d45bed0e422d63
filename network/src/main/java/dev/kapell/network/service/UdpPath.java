package dev.kapell.network.service;

/**
 * A road that UDP packets may have been sent down, and that conntrack keeps as long as packets
 * come.
 *
 * @param address what the client addressed, or empty for a port of the machine
 * @param port the port that the client addressed
 * @param backend the pod's address that it led to
 */
record UdpPath(String address, int port, String backend) {}
