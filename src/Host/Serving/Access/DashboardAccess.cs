using Hangfire.Annotations;
using Hangfire.Dashboard;

namespace VerseEtl.Host.Serving.Access;

/// <summary>The scheduler's own pages, by the same sign-in: to look for both accounts, to act for the operator.</summary>
internal sealed class DashboardAccess(ServeOptions options) : IDashboardAuthorizationFilter
{
    public bool Authorize([NotNull] DashboardContext context) => !options.SignInToLook || context.GetHttpContext().User.Identity is { IsAuthenticated: true };

    public static bool IsReadOnly(DashboardContext context) => !context.GetHttpContext().User.IsInRole(Role.Operator);
}
