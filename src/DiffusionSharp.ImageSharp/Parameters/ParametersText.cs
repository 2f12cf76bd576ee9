using DiffusionSharp.ImageSharp.Files;
using SixLabors.ImageSharp;

namespace DiffusionSharp.ImageSharp;

/// <summary>Where pictures keep the parameters.</summary>
internal static class ParametersText
{
    /// <summary>The text in a file's header; null without one. Texts that may be about anything count only when they read like parameters.</summary>
    public static string? Find(PictureHeader header)
    {
        if (header.Parameters is { } text)
        {
            return text.Decode();
        }

        IEnumerable<string> comments = header.Comments.Select(comment => UserComment.Decode(comment.Span, bigEndian: true));
        return new ExifData(header.Exif.Span).Texts().Concat(XmpData.Read(header.Xmp).Texts).Concat(comments).FirstOrDefault(ParametersFormat.IsLikely);
    }

    public static void Attach(Image image, string parameters)
    {
        // With a translated keyword it is written as UTF-8.
        string translated = PngText.IsAmbiguous(parameters) ? PngText.ParametersKeyword : "";
        image.Metadata.GetPngMetadata().TextData.Add(new(PngText.ParametersKeyword, parameters, "", translated));
    }
}
