using VerseEtl.Transform.Labels;

namespace VerseEtl.Transform.Tests.Labels;

public sealed class LabelMapTests
{
    [Fact]
    public void The_named_maps_are_VerSe_s_own_codes_and_TotalSegmentator_s()
    {
        Assert.Equal(["totalsegmentator", "verse"], LabelMap.Named.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((1, 28, null), (LabelMap.Named["verse"][1], LabelMap.Named["verse"][28], LabelMap.Named["verse"][29]));
        LabelMap total = LabelMap.Named["totalsegmentator"];
        Assert.Equal("25=sacrum 27=L5 28=L4 29=L3 30=L2 31=L1 32=T12", total.Text[.."25=sacrum 27=L5 28=L4 29=L3 30=L2 31=L1 32=T12".Length]);
        Assert.Equal((1, 2, null, null), (total[50], total[49], total[26], total[51]));
    }

    [Fact]
    public void A_value_or_a_name_means_one_label_and_a_label_has_one_of_either()
    {
        Assert.Null(LabelMap.Of([(1, 20), (2, 20)]));
        Assert.Null(LabelMap.Of([(1, 20), (1, 21)]));
        Assert.Null(LabelMap.Of([(1, 29)]));
        Assert.Null(LabelMap.Of([]));
        Assert.Equal("3=L2 7=L1", LabelMap.Of([(7, 20), (3, 21)])!.Text);
        Assert.Null(LabelMap.Of([], [("a", 20), ("b", 20)]));
        Assert.Null(LabelMap.Of([], [("a", 20), ("A", 21)]));
        Assert.Null(LabelMap.Of([], [("a", 29)]));
        Assert.Null(LabelMap.Of([(1, 29)], [("a", 20)]));
        LabelMap both = LabelMap.Of([(7, 20)], [("lower", 21)])!;
        Assert.Equal(("7=L1 'lower'=L2", true), (both.Text, both.HasNames));
        Assert.Equal("4=L2 7=L1", both.Resolved([("Lower", 4), ("other", 5)])!.Text);
        Assert.Null(both.Resolved([("lower", 4), ("lower", 5)]));
    }

    [Theory]
    [InlineData("L5", 24)]
    [InlineData("vertebrae_L5", 24)]
    [InlineData("vertebra l5", 24)]
    [InlineData("C1", 1)]
    [InlineData("t13", 28)]
    [InlineData("Sacrum", 26)]
    [InlineData("S1", null)]
    [InlineData("L9", null)]
    [InlineData("L5 left", null)]
    public void A_vertebra_is_known_by_what_people_call_it(string name, int? label) => Assert.Equal(label, LabelMap.LabelOf(name));
}
