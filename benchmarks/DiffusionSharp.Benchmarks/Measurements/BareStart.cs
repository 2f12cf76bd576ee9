using System.Diagnostics;
using System.Globalization;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>
/// What a first picture costs in ONNX Runtime alone: loading the sessions of the embedded model in parallel and the model calls of one
/// generation, 30 steps with guidance. Prints milliseconds; for a fresh process.
/// </summary>
internal static class BareStart
{
    private const int Steps = 30;

    public static void Run()
    {
        long started = Stopwatch.GetTimestamp();
        using var model = new EmojiModel(batch: 2);
        model.RunTextEncoder();
        for (int i = 0; i < Steps; i++)
        {
            model.RunUNet();
        }

        model.RunDecoder();
        Console.WriteLine(Stopwatch.GetElapsedTime(started).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture));
    }
}
