using System.Globalization;
using System.Xml;

namespace DiffusionSharp.ImageSharp.Files;

/// <summary>What an XMP document (ISO 16684-1) says of a picture. What is damaged is not there.</summary>
/// <param name="Orientation">From 1 to 8; null when it is not said.</param>
/// <param name="Texts">Descriptions and comments.</param>
internal sealed record XmpData(int? Orientation, IReadOnlyList<string> Texts)
{
    private const int MaxTexts = 100;

    private static readonly XmpData Nothing = new(null, []);

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true };

    public static XmpData Read(ReadOnlyMemory<byte> document)
    {
        if (document.IsEmpty)
        {
            return Nothing;
        }

        int? orientation = null;
        var texts = new List<string>();
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(document.ToArray()), Settings);
            string property = "";
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element)
                {
                    // A property is an element around its values, in lists of RDF or not, or an attribute.
                    property = IsRdf(reader) ? property : reader.LocalName;
                    while (reader.MoveToNextAttribute())
                    {
                        Take(reader.LocalName, reader.Value);
                    }
                }
                else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                {
                    Take(property, reader.Value);
                }
            }
        }
        catch (XmlException)
        {
            // What was read so far counts.
        }

        return new XmpData(orientation, texts);

        void Take(string name, string value)
        {
            if (name == "Orientation" && int.TryParse(value, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 8)
            {
                orientation ??= number;
            }
            else if (name is "UserComment" or "description" or "parameters" && texts.Count < MaxTexts)
            {
                texts.Add(value);
            }
        }
    }

    private static bool IsRdf(XmlReader reader) => reader.NamespaceURI == "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
}
