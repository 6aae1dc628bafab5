using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Measuring;

public sealed class PartVoxelsTests
{
    [Fact]
    public void Body_and_arch_of_known_labels_are_counted()
    {
        PartVoxels parts = new();
        parts.Add(new LabelRun(29, 0, 0, 0, 9) { Part = VertebraPart.Body });
        parts.Add(new LabelRun(20, 0, 0, 0, 9));
        Assert.True(parts.IsEmpty);
        parts.Add(new LabelRun(28, 0, 0, 0, 3) { Part = VertebraPart.Arch });
        Assert.False(parts.IsEmpty);
        foreach (int length in new[] { 4, 5 }) parts.Add(new LabelRun(28, 0, 0, 0, length) { Part = VertebraPart.Body });
        Assert.Equal((9, 3, 0), (parts.Count(28, VertebraPart.Body), parts.Count(28, VertebraPart.Arch), parts.Count(20, VertebraPart.Body)));
    }
}
