package dev.kapell.bench.flood;

import javax.net.ssl.SSLContext;

/**
 * Whom the attacks meet.
 *
 * @param admin shows the certificate of somebody who may do everything
 * @param anonymous shows none
 */
record Target(int port, SSLContext admin, SSLContext anonymous) {}
