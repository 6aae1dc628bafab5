using Microsoft.AspNetCore.Antiforgery;

namespace VerseEtl.Host.Serving.Pages;

/// <summary>Who looks at the page.</summary>
/// <param name="Token">What their forms are refused without.</param>
public sealed record SignedIn(string Account, AntiforgeryTokenSet Token)
{
    /// <summary>It is an operator: what only they can do is offered.</summary>
    public bool MayAct { get; init; }
}
