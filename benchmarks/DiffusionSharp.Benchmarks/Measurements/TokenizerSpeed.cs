using System.Diagnostics;
using System.Globalization;
using System.Text;
using DiffusionSharp.Emoji;
using DiffusionSharp.Text;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>How many megabytes of English a tokenizer reads in a second, on one thread: of the guides of this repository and of words that never repeat, both for a fresh tokenizer and for one that has read them before.</summary>
internal static class TokenizerSpeed
{
    private const int Rounds = 31;

    public static void Run()
    {
        Measure("guides", string.Join('\n', Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "guides")).Order(StringComparer.Ordinal).Select(File.ReadAllText)));
        Measure("words that never repeat", NewWords(20_000));
    }

    private static void Measure(string name, string text)
    {
        double megabytes = Encoding.UTF8.GetByteCount(text) / 1e6;
        WarmUp(text);
        var cold = new double[Rounds];
        var warm = new double[Rounds];
        for (int i = 0; i < Rounds; i++)
        {
            ClipTokenizer tokenizer = Load();
            cold[i] = megabytes / Seconds(tokenizer, text);
            warm[i] = megabytes / Seconds(tokenizer, text);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"tokenizer, {megabytes * 1e3:0} KB of {name}: {Quartiles.Of(cold):0.0} MB/s fresh, {Quartiles.Of(warm):0.0} MB/s warm, {Rounds} rounds"));
    }

    // Until the code is compiled for good, which takes a while and is not what is measured.
    private static void WarmUp(string text)
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < 2)
        {
            Seconds(Load(), text);
        }
    }

    private static ClipTokenizer Load() => ClipTokenizer.Load(Path.Combine(EmojiPipeline.ModelFolder, "tokenizer"));

    // Of the processor, so that what else runs on the machine does not count.
    private static double Seconds(ClipTokenizer tokenizer, string text)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        tokenizer.Encode(text);
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    // Two to four syllables each; more words than the tokenizer remembers.
    private static string NewWords(int count)
    {
        string[] syllables = ["ta", "ren", "mi", "sol", "ka", "ver", "lo", "din", "pa", "shu", "ter", "ing"];
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            for (int rest = i + syllables.Length; rest > 0; rest /= syllables.Length)
            {
                text.Append(syllables[rest % syllables.Length]);
            }

            text.Append(' ');
        }

        return text.ToString();
    }
}
