using System.Text;
using VerseEtl.Extract.Tree;

namespace VerseEtl.Extract.Tests.Tree;

public sealed class SourceFileTests
{
    [Fact]
    public void A_regular_file_is_read_from_its_first_byte()
    {
        using SourceTree tree = new SourceTree().Write("a/b.json", "0123456789");
        using SourceFile file = SourceFile.Open(new SourcePath(tree.Root, "a/b.json"));
        using MemoryStream content = new();
        file.Stream.CopyTo(content);
        file.ThrowIfChanged();
        Assert.Equal("0123456789", Encoding.ASCII.GetString(content.ToArray()));
        Assert.Equal(10, file.Length);
        Assert.Equal(file.Identity, SourceFile.Stat(new SourcePath(tree.Root, "a/b.json")));
        Assert.Equal(File.GetLastWriteTimeUtc(Path.Join(tree.Root, "a/b.json")), DateTime.UnixEpoch.AddTicks(file.Identity.ModifiedNs / 100));
        using SourceFile named = SourceFile.Open(Path.Join(tree.Root, "a/b.json"));
        Assert.Equal(file.Identity, named.Identity);
    }

    [Fact]
    public void A_file_that_is_written_while_open_is_noticed()
    {
        using SourceTree tree = new SourceTree().Write("a", "before");
        SourcePath path = new(tree.Root, "a");
        using (SourceFile file = SourceFile.Open(path))
        {
            File.AppendAllText(path.Full, "more");
            FileChangedException changed = Assert.Throws<FileChangedException>(file.ThrowIfChanged);
            Assert.Equal((6, 10), (changed.Before.Size, changed.After.Size));
            Assert.IsType<IOException>(changed, exactMatch: false);
        }
        using (SourceFile file = SourceFile.Open(path))
        {
            File.SetLastWriteTimeUtc(path.Full, DateTime.UnixEpoch);
            Assert.Throws<FileChangedException>(file.ThrowIfChanged);
        }
        using (SourceFile file = SourceFile.Open(path))
        {
            File.Delete(path.Full);
            File.WriteAllText(path.Full, "beforemore");
            Assert.Throws<FileChangedException>(file.ThrowIfChanged);
        }
    }

    [Fact]
    public void Pipes_folders_and_devices_are_refused_without_waiting()
    {
        using SourceTree tree = new SourceTree().Pipe("pipe").Folder("folder");
        foreach (string name in new[] { "pipe", "folder" })
        {
            Assert.Equal("TREE_NOT_REGULAR", Assert.Throws<BadFileException>(() => SourceFile.Open(new SourcePath(tree.Root, name))).Fault.Code);
            Assert.Equal("TREE_NOT_REGULAR", Assert.Throws<BadFileException>(() =>
                SourceFile.Stat(new SourcePath(tree.Root, name), followLinks: true)).Fault.Code);
        }
        Assert.Equal("TREE_NOT_REGULAR", Assert.Throws<BadFileException>(() => SourceFile.Open("/dev/zero")).Fault.Code);
    }

    [Fact]
    public void Links_are_refused_at_the_file_and_on_the_way_to_it()
    {
        using SourceTree tree = new SourceTree().With("a/b").Link("a/link", "b").Link("way", "a");
        foreach (string name in new[] { "a/link", "way/b" })
        {
            Assert.Equal("TREE_SYMLINK", Assert.Throws<BadFileException>(() => SourceFile.Open(new SourcePath(tree.Root, name))).Fault.Code);
            Assert.Equal("TREE_SYMLINK", Assert.Throws<BadFileException>(() => SourceFile.Stat(new SourcePath(tree.Root, name))).Fault.Code);
            using SourceFile file = SourceFile.Open(new SourcePath(tree.Root, name), followLinks: true);
            Assert.Equal(SourceFile.Stat(new SourcePath(tree.Root, "a/b")), file.Identity);
        }
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("/etc/hostname")]
    [InlineData("")]
    [InlineData("a//b")]
    [InlineData("a\0")]
    public void Paths_out_of_the_root_are_refused(string relative)
    {
        using SourceTree tree = new SourceTree().With("a/b");
        File.WriteAllText(Path.Join(tree.Beside, "outside"), "x");
        foreach (bool follow in new[] { false, true })
            Assert.Equal("TREE_ESCAPE", Assert.Throws<BadFileException>(() => SourceFile.Open(new SourcePath(tree.Root, relative), follow)).Fault.Code);
    }

    [Fact]
    public void A_followed_link_must_stay_below_the_root()
    {
        using SourceTree tree = new SourceTree().Link("out", "../outside").Link("folder", "..");
        File.WriteAllText(Path.Join(tree.Beside, "outside"), "x");
        Assert.Equal("TREE_ESCAPE", Assert.Throws<BadFileException>(() => SourceFile.Open(new SourcePath(tree.Root, "out"), followLinks: true)).Fault.Code);
        Assert.Equal("TREE_ESCAPE", Assert.Throws<BadFileException>(() =>
            SourceFile.Stat(new SourcePath(tree.Root, "folder/outside"), followLinks: true)).Fault.Code);
    }

    [Fact]
    public void A_file_that_is_gone_is_a_matter_of_storage_not_of_bytes()
    {
        using SourceTree tree = new SourceTree().With("a");
        Assert.Throws<IOException>(() => SourceFile.Open(new SourcePath(tree.Root, "gone")));
        Assert.Throws<IOException>(() => SourceFile.Open(new SourcePath(tree.Root, "a/b")));
        Assert.Throws<IOException>(() => SourceFile.Stat(new SourcePath(tree.Root + "gone", "a")));
        Assert.Throws<IOException>(() => SourceFile.Open(Path.Join(tree.Root, "gone")));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_file_without_permission_is_no_matter_of_retrying()
    {
        Assert.SkipWhen(Environment.UserName == "root", "root may read everything");
        using SourceTree tree = new SourceTree().With("a");
        File.SetUnixFileMode(Path.Join(tree.Root, "a"), UnixFileMode.None);
        Assert.Equal("TREE_UNREADABLE", Assert.Throws<BadFileException>(() => SourceFile.Open(new SourcePath(tree.Root, "a"))).Fault.Code);
    }

    [Fact]
    public void Names_are_opened_as_utf8()
    {
        using SourceTree tree = new SourceTree().Write("Größe/脊椎", "x");
        using SourceFile file = SourceFile.Open(new SourcePath(tree.Root, "Größe/脊椎"));
        Assert.Equal('x', file.Stream.ReadByte());
        Assert.Equal(-1, file.Stream.ReadByte());
    }
}
