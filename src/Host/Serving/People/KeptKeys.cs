using System.Xml;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace VerseEtl.Host.Serving.People;

/// <summary>The keys of cookies and forms, kept with the sessions: what one host gave out is good on the others and after a restart.</summary>
internal sealed class KeptKeys(IKeptTexts kept) : IXmlRepository
{
    private const string Kind = "keys";

    public IReadOnlyCollection<XElement> GetAllElements() => [.. kept.All(Kind).Select(key => Parsed(key.Text)).OfType<XElement>()];

    public void StoreElement(XElement element, string friendlyName) => kept.Write(Kind, friendlyName, element.ToString(SaveOptions.DisableFormatting));

    /// <summary>One that is damaged is none: a new one is made, and whoever had a cookie signs in anew.</summary>
    private static XElement? Parsed(string text)
    {
        try
        {
            return XElement.Parse(text);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
