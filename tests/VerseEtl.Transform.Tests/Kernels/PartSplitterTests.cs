using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Kernels;

public sealed class PartSplitterTests
{
    // body, arch, and codes that are neither: discs, canal, a vertebra's own label
    private static readonly int[] Codes = [41, 45, 48, 49, 50, 40, 51, 60, 100, 20];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4096)]
    public void Pieces_are_the_voxels_of_the_runs_each_with_the_part_of_its_code(int batch)
    {
        Random random = new(7);
        for (int round = 0; round < 400; round++)
        {
            LabelVolume mask = LabelVolume.Random(random, [18, 19, 20]);
            LabelVolume codes = new(mask.I, mask.J, mask.K);
            LabelVolume noise = LabelVolume.Random(random, Codes);
            for (int at = 0; at < codes.Voxels.Length; at++) codes.Voxels[at] = noise.Voxels[at % noise.Voxels.Length];

            Queue<LabelRun[]> batches = new(codes.Runs().Chunk(batch));
            PartSplitter splitter = new(() => batches.TryDequeue(out LabelRun[]? next) ? next : []);
            LabelVolume covered = new(mask.I, mask.J, mask.K);
            foreach (LabelRun run in mask.Runs())
            {
                int next = run.I;
                LabelRun rest = run;
                while (splitter.Next(ref rest, out LabelRun piece))
                {
                    Assert.Equal((run.Label, next, run.J, run.K), (piece.Label, piece.I, piece.J, piece.K));
                    Assert.InRange(piece.Length, 1, run.I + run.Length - next);
                    for (; next < piece.I + piece.Length; next++)
                    {
                        Assert.Equal(Part(codes[next, run.J, run.K]), piece.Part);
                        covered[next, run.J, run.K] = piece.Label;
                    }
                }
                Assert.Equal(run.I + run.Length, next);
            }
            Assert.Equal(mask.Voxels, covered.Voxels);
            splitter.Finish();
            Assert.Empty(batches);
        }
    }

    // as TPTBox lists them, written out
    private static VertebraPart Part(int code) => code switch
    {
        41 or 42 or 43 or 44 or 45 or 46 or 47 or 48 => VertebraPart.Arch,
        49 or 50 => VertebraPart.Body,
        _ => VertebraPart.None,
    };
}
