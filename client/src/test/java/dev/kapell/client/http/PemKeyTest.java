package dev.kapell.client.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class PemKeyTest {
  private static final String SEC1 =
      """
      -----BEGIN EC PRIVATE KEY-----
      MHcCAQEEIBqHlYSAlDDzrpr2lyF4BtabI4zCzmyh3tUR5cjowMf9oAoGCCqGSM49
      AwEHoUQDQgAECXtmwkU3s0nHM8r7FBDyalz2keYWQAQCg3D/4iGqDbdygRtNCfcI
      gYbYhaCzpo1xddEH7tu63jT7gblIuB0hFA==
      -----END EC PRIVATE KEY-----
      """;

  private static final String PKCS1 =
      """
      -----BEGIN RSA PRIVATE KEY-----
      MIICXQIBAAKBgQDNeFgKlqWGSXjrraOEI/bdBFEGCXaqBZMbj1rM+iikVDA9woNX
      pPmVYJpNkwSFxY4lFnnDP4ZrVyrsSPNfsQM2x/eOpt+pssWbToZ1++f0VuKTsjiq
      9NtFL4Es0FLZOKV+PMkXkk0XFdg92qQ+BVyjfOjWjpA16NGXskHTW4iZ+QIDAQAB
      AoGARYaTRAH1wJrb7+OxkOUag28Se5h4Ls/0Fz9K2lFLr09Ng5huGRoZ2hH2JIm6
      3gkbMDGKwiactXWpcIq+z4J2M1f/4P6LgC+VcWn6f3kotHsyulvFP/Y77YPJDtVM
      EsSG+kC2GMn7wHhJ9o0YGdRFbbFsweEUVe3JiqomdCvO/oECQQDmbhS5IFItvf2W
      IxzUQ8tMUKRGKfHihEl0biY/p/QMCXD182kOH0iYQoCI8LMNp28meNmcM8PWvHXY
      LubD2yFjAkEA5EU3dBFdfKcwYc8bPJpl8tg+TuD3LzN6El0P0b4C55o4ChAfjep0
      H6J/XJ1MZQ+v01yOVXm7jvLdSLLlu3lD8wJBANxmFfQr8e5GdrKPyxdL8LuBtl5V
      6EHcfdWbNYJVRpvsu9rDgow7Z9gaY46XiutYZnvJw3ogGQTfJWgtFBPpGDkCQQC8
      sTK7sTcUOafW0jpziDXJ3lLzJSdvTyATWfYfrO/9vw+f0eAjkbDYDZ02U5i42ZTA
      JPxLT8toyP1+gNNCe2VdAkBpj+dK6WWj3OoGcDIOclaIX5gEvtCIm9p6HyzTSXa/
      DChjbpO6WmwLgvsC+GqPiKrfedI9dF3cKzqfXSg+6OcR
      -----END RSA PRIVATE KEY-----
      """;

  @Test
  void readsAnEllipticKeyOfSec1AndOfPkcs8() throws GeneralSecurityException {
    PrivateKey key = PemKey.read(SEC1);

    assertThat(key.getAlgorithm()).isEqualTo("EC");
    assertThat(PemKey.read(pkcs8(key))).isEqualTo(key);
  }

  @Test
  void readsAnRsaKeyOfPkcs1AndOfPkcs8() throws GeneralSecurityException {
    PrivateKey key = PemKey.read(PKCS1);

    assertThat(((RSAPrivateKey) key).getModulus().bitLength()).isEqualTo(1024);
    assertThat(PemKey.read(pkcs8(key))).isEqualTo(key);
  }

  @Test
  void saysWhatToDoWithAnythingElse() {
    assertThatThrownBy(() -> PemKey.read("-----BEGIN CERTIFICATE-----"))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageEndingWith("convert it with: openssl pkcs8 -topk8 -nodes");
  }

  private static String pkcs8(PrivateKey key) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(key.getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }
}
