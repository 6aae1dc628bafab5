using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;

namespace VerseEtl.Extract.Tests.Scans;

public sealed class VolumeInputTests
{
    [Fact]
    public void Another_pass_reads_the_same_bytes_from_the_start()
    {
        using TempFolder temp = new();
        File.WriteAllBytes(temp["mask.nii"], [.. Enumerable.Range(0, 1000).Select(at => (byte)at)]);
        using VolumeInput first = VolumeInput.Open(Path(temp), new ReadingLimits());
        byte[] read = Content(first);
        using VolumeInput again = first.OpenAgain(new ReadingLimits());
        Assert.Equal(1000, read.Length);
        Assert.Equal(read, Content(again));
    }

    [Fact]
    public void A_file_that_was_replaced_between_two_passes_is_worth_another_try()
    {
        using TempFolder temp = new();
        File.WriteAllBytes(temp["mask.nii"], new byte[1000]);
        using VolumeInput first = VolumeInput.Open(Path(temp), new ReadingLimits());
        File.WriteAllBytes(temp["other"], new byte[1000]);
        File.Move(temp["other"], temp["mask.nii"], overwrite: true);
        Assert.Throws<FileChangedException>(() => first.OpenAgain(new ReadingLimits()));
    }

    private static SourcePath Path(TempFolder temp) => new(System.IO.Path.GetDirectoryName(temp["mask.nii"])!, "mask.nii");

    private static byte[] Content(VolumeInput input)
    {
        List<byte> all = [];
        while (input.Content.Read(out ReadOnlyMemory<byte> bytes, out long zeros)) all.AddRange([.. bytes.ToArray(), .. new byte[zeros]]);
        return [.. all];
    }
}
