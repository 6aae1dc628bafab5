using VerseEtl.Transform.Labels;

namespace VerseEtl.Transform.Tests.Labels;

public sealed class VertebraLabelTests
{
    /// <summary>The dataset card's order, head to tail.</summary>
    private const string HeadToTail = """
        C1=1 C2=2 C3=3 C4=4 C5=5 C6=6 C7=7 T1=8 T2=9 T3=10 T4=11 T5=12 T6=13 T7=14
        T8=15 T9=16 T10=17 T11=18 T12=19 T13=28 L1=20 L2=21 L3=22 L4=23 L5=24 L6=25 sacrum=26 coccyx=27
        """;

    [Fact]
    public void Names_codes_and_anatomical_order_are_the_dataset_card_s()
    {
        Assert.Equal(HeadToTail.Split([' ', '\n']), VertebraLabel.Anatomical.Select(label => $"{VertebraLabel.Name(label)}={label}"));
        Assert.Equal(Enumerable.Range(1, 28), VertebraLabel.Anatomical.Select(VertebraLabel.AnatomicalOrder));
    }

    [Fact]
    public void Seven_cervical_thirteen_thoracic_six_lumbar_two_sacral()
    {
        Assert.Equal(
            [("cervical", 7), ("thoracic", 13), ("lumbar", 6), ("sacral", 2)],
            VertebraLabel.Anatomical.GroupBy(VertebraLabel.Region).Select(region => (region.Key, region.Count())));
        Assert.Equal(["sacrum", "coccyx"], VertebraLabel.Anatomical.Where(label => VertebraLabel.IsReserved(label)).Select(VertebraLabel.Name));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(29)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Other_numbers_are_no_labels(int number)
    {
        Assert.False(VertebraLabel.IsKnown(number));
        Assert.Contains("1 to 28", Assert.Throws<ArgumentOutOfRangeException>(() => VertebraLabel.Name(number)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => VertebraLabel.Region(number));
        Assert.Throws<ArgumentOutOfRangeException>(() => VertebraLabel.AnatomicalOrder(number));
    }

    [Fact]
    public void One_to_28_are_labels()
    {
        Assert.All(Enumerable.Range(1, 28), label => Assert.True(VertebraLabel.IsKnown(label)));
    }
}
