using System.Reflection;
using System.Text.RegularExpressions;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Transform.Tests.Findings;

public sealed partial class FaultsTests
{
    private const BindingFlags AnyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly FieldInfo[] Declared =
        [.. typeof(Fault).Assembly.GetTypes().SelectMany(type => type.GetFields(AnyStatic)).Where(field => field.FieldType == typeof(Fault))];

    [Fact]
    public void Each_declared_fault_is_in_the_catalogue_once()
    {
        Assert.NotEmpty(Declared);
        Assert.All(Declared, field => Assert.Single(Faults.All, fault => ReferenceEquals(fault, field.GetValue(null))));
        Assert.Equal(Declared.Length, Faults.All.Count());
    }

    [Fact]
    public void The_variants_of_a_code_stand_in_one_group_and_differ_in_meaning()
    {
        Assert.Equal(Faults.Groups.Count, Faults.Groups.Select(group => group.Name).Distinct().Count());
        Assert.All(Faults.All.GroupBy(fault => fault.Code), variants =>
        {
            Assert.Single(Faults.Groups, group => group.Faults.Any(fault => fault.Code == variants.Key));
            Assert.Equal(variants.Count(), variants.Select(variant => variant.Meaning).Distinct().Count());
        });
    }

    [Fact]
    public void A_code_is_capitals_and_starts_as_the_name_of_its_field()
    {
        Assert.All(Declared, field =>
        {
            Fault fault = (Fault)field.GetValue(null)!;
            Assert.Matches("^[A-Z]+(_[A-Z0-9]+)+$", fault.Code);
            Assert.Equal(fault.Code.Split('_')[0], FirstWord().Match(field.Name).Value.ToUpperInvariant());
        });
    }

    [GeneratedRegex("^[A-Z][a-z]+")]
    private static partial Regex FirstWord();
}
