using SixLabors.ImageSharp;

namespace DiffusionSharp.ImageSharp;

/// <summary>Where PNG files keep the parameters.</summary>
internal static class ParametersText
{
    private const string Keyword = "parameters";

    public static string? Find(IImageInfo image)
    {
        foreach (var text in image.Metadata.GetPngMetadata().TextData)
        {
            if (text.Keyword == Keyword)
            {
                return text.Value;
            }
        }

        return null;
    }

    public static void Attach(Image image, GenerationParameters parameters) =>
        image.Metadata.GetPngMetadata().TextData.Add(new(Keyword, parameters.ToString(), "", ""));
}
