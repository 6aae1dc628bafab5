using System.Reflection;
using System.Runtime.CompilerServices;

namespace VerseEtl.Host.Tests.Architecture;

/// <summary>Whoever needs more than five things to be told needs a type for them.</summary>
public sealed class ParameterTests
{
    private const int Most = 5;
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Theory]
    [InlineData("VerseEtl.Transform")]
    [InlineData("VerseEtl.Extract")]
    [InlineData("VerseEtl.Load")]
    [InlineData("verse-etl")]
    public void No_method_has_more_than_five_parameters(string assembly)
    {
        MethodInfo[] methods = [.. Assembly.Load(assembly).GetTypes().Where(type => !IsGenerated(type))
            .SelectMany(type => type.GetMethods(Declared)).Where(method => !IsGenerated(method))];
        Assert.True(methods.Length > 50, "methods were looked at");
        Assert.Empty(methods.Where(method => method.GetParameters().Length > Most).Select(method => $"{method.DeclaringType!.FullName}.{method.Name}"));
    }

    /// <summary>By the compiler or a source generator: among them a record's Deconstruct, and what is declared in it or written like `&lt;Main&gt;`.</summary>
    private static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute)) || member.Name.Contains('<', StringComparison.Ordinal)
        || member.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute)) || (member.DeclaringType is Type outer && IsGenerated(outer));
}
