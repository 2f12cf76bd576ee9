using System.Diagnostics;
using System.Globalization;
using DiffusionSharp.Emoji;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>
/// What a first picture costs in ONNX Runtime alone: loading the sessions of the embedded model in parallel and the model calls of one
/// generation with its defaults, which are without guidance. Prints milliseconds; for a fresh process.
/// </summary>
internal static class BareStart
{
    public static void Run()
    {
        long started = Stopwatch.GetTimestamp();
        using var model = new EmojiModel(batch: 1);
        model.RunTextEncoder();
        for (int i = 0; i < EmojiPipeline.Defaults.Steps; i++)
        {
            model.RunUNet();
        }

        model.RunDecoder();
        Console.WriteLine(Stopwatch.GetElapsedTime(started).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture));
    }
}
