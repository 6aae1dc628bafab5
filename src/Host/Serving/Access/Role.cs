namespace VerseEtl.Host.Serving.Access;

/// <summary>The two accounts, by their names: a viewer sees everything and changes nothing, an operator may also trigger, cancel and delete.</summary>
internal static class Role
{
    public const string Viewer = "viewer";
    public const string Operator = "operator";

    public static IReadOnlyList<string> All { get; } = [Viewer, Operator];
}
