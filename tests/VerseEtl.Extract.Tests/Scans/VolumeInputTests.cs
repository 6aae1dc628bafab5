using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;

namespace VerseEtl.Extract.Tests.Scans;

public sealed class VolumeInputTests
{
    [Theory]
    [InlineData(1000)]
    [InlineData(VolumeInput.MostKeptBytes)]
    [InlineData(VolumeInput.MostKeptBytes + 1)]
    public void Another_pass_reads_the_same_bytes_from_the_start(int length)
    {
        using TempFolder temp = new();
        byte[] bytes = [.. Enumerable.Range(0, length).Select(at => (byte)(at * 7 % 251))];
        File.WriteAllBytes(temp["mask.nii"], bytes);
        using VolumeInput first = VolumeInput.Open(Path(temp), new ReadingLimits(), keep: true);
        Assert.Equal(bytes, Content(first.Content));
        // what was kept needs no file any more
        if (length <= VolumeInput.MostKeptBytes) File.Delete(temp["mask.nii"]);
        using ByteSource again = first.ContentAgain(new ReadingLimits());
        Assert.Equal(bytes, Content(again));
    }

    [Fact]
    public void A_file_that_was_replaced_between_two_passes_is_worth_another_try()
    {
        using TempFolder temp = new();
        File.WriteAllBytes(temp["mask.nii"], new byte[VolumeInput.MostKeptBytes + 1]);
        using VolumeInput first = VolumeInput.Open(Path(temp), new ReadingLimits(), keep: true);
        File.WriteAllBytes(temp["other"], new byte[VolumeInput.MostKeptBytes + 1]);
        File.Move(temp["other"], temp["mask.nii"], overwrite: true);
        Assert.Throws<FileChangedException>(() => first.ContentAgain(new ReadingLimits()));
    }

    private static SourcePath Path(TempFolder temp) => new(System.IO.Path.GetDirectoryName(temp["mask.nii"])!, "mask.nii");

    private static byte[] Content(ByteSource source)
    {
        List<byte> all = [];
        while (source.Read(out ReadOnlyMemory<byte> bytes, out long zeros)) all.AddRange([.. bytes.ToArray(), .. new byte[zeros]]);
        return [.. all];
    }
}
