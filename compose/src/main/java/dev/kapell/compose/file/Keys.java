package dev.kapell.compose.file;

import java.util.Set;

/** Keys that the Compose specification has and that are not handled yet: refused as such. */
final class Keys {
  static final Set<String> OF_FILE =
      Set.of("networks", "configs", "secrets", "include", "models", "version");

  static final Set<String> OF_SERVICE =
      Set.of(
          "annotations",
          "attach",
          "blkio_config",
          "build",
          "cgroup",
          "cgroup_parent",
          "configs",
          "cpu_count",
          "cpu_percent",
          "cpu_period",
          "cpu_quota",
          "cpu_rt_period",
          "cpu_rt_runtime",
          "cpu_shares",
          "cpuset",
          "credential_spec",
          "develop",
          "device_cgroup_rules",
          "devices",
          "dns",
          "dns_opt",
          "dns_search",
          "domainname",
          "extends",
          "external_links",
          "gpus",
          "group_add",
          "init",
          "ipc",
          "isolation",
          "label_file",
          "links",
          "logging",
          "mac_address",
          "mem_reservation",
          "mem_swappiness",
          "memswap_limit",
          "models",
          "network_mode",
          "networks",
          "oom_kill_disable",
          "oom_score_adj",
          "pid",
          "pids_limit",
          "platform",
          "post_start",
          "pre_stop",
          "profiles",
          "provider",
          "runtime",
          "secrets",
          "security_opt",
          "shm_size",
          "stop_signal",
          "storage_opt",
          "sysctls",
          "ulimits",
          "use_api_socket",
          "userns_mode",
          "uts",
          "volumes_from");

  static final Set<String> OF_DEPLOY =
      Set.of(
          "endpoint_mode", "labels", "placement", "resources", "restart_policy", "rollback_config");

  static final Set<String> OF_VOLUME = Set.of("driver", "driver_opts");

  private Keys() {}
}
