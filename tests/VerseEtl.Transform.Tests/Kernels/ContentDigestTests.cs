using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Kernels;

/// <summary>Golden digests by Python: hashlib.sha256(struct.pack('&lt;3q', *shape) + b''.join(struct.pack('&lt;qqi', start, length, label) ...)).</summary>
public sealed class ContentDigestTests
{
    private const string OneTwoThree = "e120fcf5aaef62039d8e6f4ed44ccee1749c951540c43f50d4c02ef1eaa77654";

    [Fact]
    public void A_run_that_goes_on_in_the_next_row_or_slice_is_one_run()
    {
        // start 1, length 4, label 5; start 5, length 2, label 7; start 9, length 1, label 7
        using ContentDigest digest = new(new VoxelShape(3, 2, 2));
        digest.Add([new(5, 1, 0, 0, 2), new(5, 0, 1, 0, 2)]);
        digest.Add([new(7, 2, 1, 0, 1), new(7, 0, 0, 1, 1), new(7, 0, 1, 1, 1)]);
        Assert.Equal(OneTwoThree, digest.Finish());
    }

    [Fact]
    public void However_the_runs_are_cut_the_digest_is_the_same()
    {
        using ContentDigest digest = new(new VoxelShape(3, 2, 2));
        foreach ((int i, int j, int k, int label) in new[] { (1, 0, 0, 5), (2, 0, 0, 5), (0, 1, 0, 5), (1, 1, 0, 5), (2, 1, 0, 7), (0, 0, 1, 7), (0, 1, 1, 7) })
            digest.Add([new LabelRun(label, i, j, k, 1)]);
        Assert.Equal(OneTwoThree, digest.Finish());
    }

    [Fact]
    public void More_runs_than_the_buffer_holds()
    {
        using ContentDigest digest = new(new VoxelShape(4000, 1, 1));
        digest.Add([.. Enumerable.Range(0, 2000).Select(at => new LabelRun(20, 2 * at, 0, 0, 1))]);
        Assert.Equal("d4da1a3e8b3fd3045fc6f359852056d261d0ead2c74c237efe2947f545249640", digest.Finish());
    }
}
