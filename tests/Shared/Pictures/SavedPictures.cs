using System.Numerics.Tensors;
using DiffusionSharp.ImageSharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Tests;

/// <summary>Pictures as files.</summary>
internal static class SavedPictures
{
    public static Tensor<float> Pixels(byte[] file)
    {
        using Image<Rgb24> image = Image.Load<Rgb24>(file);
        return image.ToTensor();
    }

    /// <summary>The file that the library itself makes of a request's first picture.</summary>
    public static async Task<byte[]> DrawAsync(this IDiffusionPipeline pipeline, GenerationRequest request)
    {
        GenerationResult result = await pipeline.GenerateAsync(request);
        using var file = new MemoryStream();
        result.Images[0].SaveAsPng(file);
        return file.ToArray();
    }
}
