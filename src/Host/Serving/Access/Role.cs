namespace VerseEtl.Host.Serving.Access;

/// <summary>The two accounts, by their names: a viewer sees everything and changes nothing, an operator may also run, cancel, release and roll back.</summary>
internal static class Role
{
    public const string Viewer = "viewer";
    public const string Operator = "operator";

    public static IReadOnlyList<string> All { get; } = [Viewer, Operator];
}
