package dev.kapell.host.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTreeTest {
  @TempDir Path directory;
  private Path tree;
  private Path outside;

  @BeforeEach
  void aTreeWithLinksThatLeadOut() throws Exception {
    outside = Files.writeString(Files.createDirectory(directory.resolve("far")).resolve("f"), "x");
    tree = Files.createDirectories(directory.resolve("tree"));
    Files.writeString(Files.createDirectories(tree.resolve("a/b")).resolve("c"), "x");
    Files.createSymbolicLink(tree.resolve("folder"), directory.resolve("far"));
    Files.createSymbolicLink(tree.resolve("dangling"), directory.resolve("nothing"));
  }

  @Test
  void isDeletedWithAllInItAndWithoutFollowingLinks() throws Exception {
    DirectoryTree.delete(tree);
    assertThat(tree).doesNotExist();
    assertThat(outside).hasContent("x");
    DirectoryTree.delete(tree);
  }

  @Test
  void countsTheBytesOfItsOwnFilesOnly() throws Exception {
    Files.writeString(tree.resolve("more"), "four");
    assertThat(DirectoryTree.bytes(tree)).isEqualTo(5);
    assertThat(DirectoryTree.bytes(tree.resolve("absent"))).isZero();
  }

  @Test
  void isEmptiedAndStays() throws Exception {
    DirectoryTree.empty(tree);
    assertThat(tree).isEmptyDirectory();
    assertThat(outside).hasContent("x");
  }

  @Test
  void aLinkInItsPlaceIsRemovedAndNotWhatItLeadsTo() throws Exception {
    DirectoryTree.delete(tree.resolve("folder"));
    DirectoryTree.delete(tree.resolve("dangling"));
    assertThat(tree.resolve("folder")).doesNotExist();
    assertThat(Files.isSymbolicLink(tree.resolve("dangling"))).isFalse();
    assertThat(outside).hasContent("x");
  }
}
