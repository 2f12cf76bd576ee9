using System.Diagnostics;
using System.Globalization;
using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>Draws on the embedded model for each line of standard input, and answers with the seconds and the picture's bytes in Base64: the side of a peer's measurement that is ours.</summary>
internal static class DrawOnDemand
{
    public static void Run(TextToImageRequest request)
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        while (Console.ReadLine() is not null)
        {
            long started = Stopwatch.GetTimestamp();
            GenerationResult result = pipeline.Generate(request);
            using Image<Rgb24> picture = result.Images[0].ToImage();
            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            byte[] bytes = new byte[3 * picture.Width * picture.Height];
            picture.CopyPixelDataTo(bytes);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:0.000000} {Convert.ToBase64String(bytes)}"));
        }
    }
}
