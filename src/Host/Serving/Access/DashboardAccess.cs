using Hangfire.Annotations;
using Hangfire.Dashboard;

namespace VerseEtl.Host.Serving.Access;

/// <summary>The scheduler's own pages, by the same sign-in: for operators, and to look alone, as what they may do has pages of ours that ask and log.</summary>
internal sealed class DashboardAccess : IDashboardAuthorizationFilter
{
    public bool Authorize([NotNull] DashboardContext context) => context.GetHttpContext().User.IsInRole(Role.Operator);
}
