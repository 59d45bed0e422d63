package dev.kapell.apiserver.pki;

import dev.kapell.base.Clock;
import dev.kapell.base.Randomness;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Every key of the cluster. What is missing is made, what is close to its end is made anew, the
 * rest is read. Thread-safe: nothing changes but the authorities' certificates, in one step each,
 * by {@link #renewAuthorities}.
 *
 * <pre>
 * DIRECTORY/ca.crt, ca.key                 the authority
 *           front-proxy-ca.crt, .key       the authority of the next one only
 *           front-proxy-client.crt, .key   what the API server shows to servers behind it
 *           apiserver.crt, .key            what the API server shows
 *           admin.crt, .key                system:masters
 *           kubelet-client.crt, .key       what the API server shows to nodes
 *           service-account.key, .pub      sign and verify tokens
 *           node-NAME.crt, .key            what a node shows, as server and as client
 * </pre>
 */
public final class ClusterPki {
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  /** More than what it signs lives. */
  private static final Duration RENEW_ROOT_BEFORE = Duration.ofDays(2 * 365);

  private final KeyFiles files;
  private final Clock clock;
  private final Randomness randomness;
  private volatile Root cluster;
  private volatile Root frontProxy;
  private final PrivateKey serviceAccountKey;
  private final PublicKey serviceAccountPublicKey;

  private ClusterPki(KeyFiles files, Clock clock, Randomness randomness)
      throws IOException, GeneralSecurityException {
    this.files = files;
    this.clock = clock;
    this.randomness = randomness;
    this.cluster = root("ca", "kapell-ca");
    this.frontProxy = root("front-proxy-ca", "kapell-front-proxy-ca");
    Optional<String> signing = files.read("service-account.key");
    Optional<String> verifying = files.read("service-account.pub");
    if (signing.isPresent() && verifying.isPresent()) {
      this.serviceAccountKey = Pem.key(signing.get());
      this.serviceAccountPublicKey = Pem.publicKey(verifying.get());
    } else {
      KeyPair pair = Authority.newKey();
      this.serviceAccountKey = pair.getPrivate();
      this.serviceAccountPublicKey = pair.getPublic();
      files.write("service-account.key", Pem.key(pair.getPrivate()));
      files.write("service-account.pub", Pem.publicKey(pair.getPublic()));
    }
  }

  /**
   * An authority in use.
   *
   * @param file where it is kept
   * @param name its common name, if it was made here
   */
  private record Root(String file, String name, Issued issued, Authority authority) {
    String pem() {
      return issued.certificatePem();
    }
  }

  private Root root(String file, String name) throws IOException, GeneralSecurityException {
    Optional<String> certificate = files.read(file + ".crt");
    Optional<String> key = files.read(file + ".key");
    if (certificate.isPresent() && key.isPresent()) {
      return fresh(root(file, name, new Issued(certificate.get(), key.get())));
    }
    Issued made = Authority.newRoot(clock, randomness, name);
    files.write(file + ".key", made.keyPem());
    files.write(file + ".crt", made.certificatePem());
    return root(file, name, made);
  }

  private Root root(String file, String name, Issued issued)
      throws IOException, GeneralSecurityException {
    Authority authority =
        new Authority(
            clock, randomness, Pem.certificate(issued.certificatePem()), Pem.key(issued.keyPem()));
    return new Root(file, name, issued, authority);
  }

  /** Signs the authorities anew, with the keys they have, whose end is near. */
  public synchronized void renewAuthorities() throws IOException {
    try {
      cluster = fresh(cluster);
      frontProxy = fresh(frontProxy);
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot sign the authorities anew", e);
    }
  }

  /**
   * What an authority signs must not outlive it; one that was brought along is not ours to renew.
   */
  private boolean needsRenewal(Root root) throws GeneralSecurityException {
    X509Certificate certificate = Pem.certificate(root.pem());
    boolean made =
        certificate.getSubjectX500Principal().getName().equals("CN=" + root.name())
            && certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    return made
        && certificate.getNotAfter().toInstant().isBefore(clock.now().plus(RENEW_ROOT_BEFORE));
  }

  /**
   * A new certificate for the same key, when the end of the old one is near: whoever believes the
   * old one believes what the new one signs, for as long as the old one counts.
   */
  private Root fresh(Root root) throws IOException, GeneralSecurityException {
    if (!needsRenewal(root)) {
      return root;
    }
    X509Certificate old = Pem.certificate(root.pem());
    KeyPair pair = new KeyPair(old.getPublicKey(), Pem.key(root.issued().keyPem()));
    String renewed = Authority.root(clock, randomness, root.name(), pair).certificatePem();
    files.write(root.file() + ".crt", renewed);
    return root(root.file(), root.name(), new Issued(renewed, root.issued().keyPem()));
  }

  /** Loads the keys in {@code directory}, making what is missing. */
  public static ClusterPki open(Path directory, Clock clock, Randomness randomness)
      throws IOException {
    try {
      return new ClusterPki(KeyFiles.in(directory), clock, randomness);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          "the keys in "
              + directory
              + " cannot be read; remove the damaged file to have it made anew",
          e);
    }
  }

  /** The authority's certificate, PEM. */
  public String caPem() {
    return cluster.pem();
  }

  /**
   * The certificate of the authority that only signs what {@link #frontProxyClient} shows, PEM. It
   * is not {@link #caPem}: whoever has a certificate of that could name itself anybody.
   */
  public String frontProxyCaPem() {
    return frontProxy.pem();
  }

  /** The key that signs service-account tokens, on P-256. */
  public PrivateKey serviceAccountKey() {
    return serviceAccountKey;
  }

  /** The key that verifies them. */
  public PublicKey serviceAccountPublicKey() {
    return serviceAccountPublicKey;
  }

  /**
   * What the API server shows.
   *
   * @param alternatives further names and addresses under which it is reached
   */
  public Issued server(Collection<String> alternatives) throws IOException {
    TreeSet<String> names = new TreeSet<>(alternatives);
    names.addAll(
        List.of(
            "localhost",
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local",
            "127.0.0.1"));
    return load(
        "apiserver", new Authority.Subject("kube-apiserver", List.of(), List.copyOf(names), false));
  }

  /** A client that may do everything. */
  public Issued admin() throws IOException {
    return client("admin", "kubernetes-admin", List.of("system:masters"));
  }

  /** What the API server shows to nodes. */
  public Issued kubeletClient() throws IOException {
    return client(
        "kubelet-client",
        "kube-apiserver-kubelet-client",
        List.of("kubeadm:cluster-admins", "system:masters"));
  }

  /** What the API server shows to the servers behind it, which then believe whom it names. */
  public Issued frontProxyClient(String name) throws IOException {
    Authority.Subject subject = new Authority.Subject(name, List.of(), List.of(), true);
    return load("front-proxy-client", subject, frontProxy);
  }

  /** A client certificate, kept under {@code file}. */
  public Issued client(String file, String user, List<String> groups) throws IOException {
    return load(file, new Authority.Subject(user, groups, List.of(), true));
  }

  /**
   * What a node shows, as a server on {@code addresses} and as the client {@code system:node:NAME}.
   */
  public Issued node(String name, Collection<String> addresses) throws IOException {
    TreeSet<String> names = new TreeSet<>(addresses);
    names.addAll(List.of(name, "localhost", "127.0.0.1"));
    return load(
        "node-" + name,
        new Authority.Subject(
            "system:node:" + name, List.of("system:nodes"), List.copyOf(names), true));
  }

  /**
   * Writes a kubeconfig that only its owner may read.
   *
   * @param name the file's name in the directory of the keys
   * @return its path
   */
  public Path kubeconfig(String name, String server, String user, Issued identity)
      throws IOException {
    String text = Kubeconfig.text(server, caPem(), user, identity);
    Optional<String> known = files.read(name);
    return known.isPresent() && known.get().equals(text)
        ? files.path(name)
        : files.write(name, text);
  }

  /**
   * Makes a certificate for somebody else's key, PEM.
   *
   * @throws IllegalArgumentException when the request cannot be read
   */
  public String sign(SigningOrder order) {
    try {
      return cluster.authority().sign(order);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot sign a certificate", e);
    }
  }

  private Issued load(String name, Authority.Subject subject) throws IOException {
    return load(name, subject, cluster);
  }

  private Issued load(String name, Authority.Subject subject, Root by) throws IOException {
    try {
      Optional<String> certificate = files.read(name + ".crt");
      Optional<String> key = files.read(name + ".key");
      if (certificate.isPresent()
          && key.isPresent()
          && isGood(certificate.get(), subject, by.pem())) {
        return new Issued(certificate.get(), key.get());
      }
      Issued issued = by.authority().issue(subject);
      files.write(name + ".key", issued.keyPem());
      files.write(name + ".crt", issued.certificatePem());
      return issued;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot read or issue the certificate " + name, e);
    }
  }

  private boolean isGood(String pem, Authority.Subject subject, String byPem)
      throws GeneralSecurityException {
    X509Certificate certificate = Pem.certificate(pem);
    boolean ours =
        certificate
            .getIssuerX500Principal()
            .equals(Pem.certificate(byPem).getSubjectX500Principal());
    boolean fresh = certificate.getNotAfter().toInstant().isAfter(clock.now().plus(RENEW_BEFORE));
    return ours && fresh && alternatives(certificate).containsAll(subject.alternatives());
  }

  private static List<String> alternatives(X509Certificate certificate)
      throws CertificateParsingException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    List<String> texts = new ArrayList<>();
    if (names != null) {
      names.forEach(name -> texts.add(String.valueOf(name.get(1))));
    }
    return texts;
  }
}
