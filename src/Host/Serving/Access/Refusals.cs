using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Connections;
using VerseEtl.Host.Serving.People;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving.Access;

/// <summary>Whatever a request makes the pages throw becomes an answer and at most one line; a stack is logged only where the fault is ours.</summary>
internal sealed class Refusals(StrangerLines lines)
{
    public async Task Answer(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (context.RequestAborted.IsCancellationRequested || error is ConnectionResetException) return;
            (int status, string reason) = Of(error);
            lines.Write(context, $"A request answered with {status} ({reason})", status == StatusCodes.Status500InternalServerError ? error : null);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(reason);
        }
    }

    /// <summary>Once a request may be heard: what cannot be read as a form is malformed, whatever its reader throws.</summary>
    public static async Task ReadForm(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.HasFormContentType)
        {
            try
            {
                await context.Request.ReadFormAsync(context.RequestAborted);
            }
            catch (Exception error) when (error is not (BadHttpRequestException or OperationCanceledException or OutOfMemoryException))
            {
                throw new BadHttpRequestException("malformed form", error);
            }
        }
        await next(context);
    }

    private static (int Status, string Reason) Of(Exception error) => error switch
    {
        BadHttpRequestException bad => (bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? "too large" : "malformed request"),
        AntiforgeryValidationException { InnerException: BadHttpRequestException bad } => Of(bad),
        AntiforgeryValidationException { InnerException: Exception } => (StatusCodes.Status400BadRequest, "malformed form"),
        AntiforgeryValidationException => (StatusCodes.Status403Forbidden, "form without its token"),
        AccountsUnusableException => (StatusCodes.Status503ServiceUnavailable,
            "the accounts cannot be read, so nobody can sign in; whoever runs this must mend them"),
        StorageException => (StatusCodes.Status503ServiceUnavailable, "sessions cannot be read or kept"),
        _ => (StatusCodes.Status500InternalServerError, "internal error"),
    };
}
