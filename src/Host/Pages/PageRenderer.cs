using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging.Abstractions;

namespace VerseEtl.Host.Pages;

/// <summary>
/// From components to markup, for a file as for a browser. It needs no web host, and nothing of the machine or its culture gets into the
/// bytes.
/// </summary>
internal static class PageRenderer
{
    private static readonly NoServices Services = new();

    /// <param name="parameters">Of the component, by the names of its properties.</param>
    public static async Task<string> Render<TComponent>(Dictionary<string, object?> parameters) where TComponent : IComponent
    {
        // a renderer keeps what it has rendered until it is disposed of: one a page
        await using HtmlRenderer renderer = new(Services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            // for this call alone: components turn numbers into text by the current culture
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString();
        });
    }

    /// <summary>
    /// All that components need is to be made. A container would compile a constructor for each of them, which takes a short `run` longer than
    /// its page.
    /// </summary>
    private sealed class NoServices : IServiceProvider, IComponentActivator
    {
        public object? GetService(Type serviceType) => serviceType == typeof(IComponentActivator) ? this : null;

        public IComponent CreateInstance(Type componentType) => (IComponent)Activator.CreateInstance(componentType)!;
    }
}
