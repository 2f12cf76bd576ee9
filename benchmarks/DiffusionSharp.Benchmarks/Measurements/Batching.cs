using System.Diagnostics;
using System.Globalization;
using DiffusionSharp.Emoji;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Samples;
using DiffusionSharp.Text;
using SixLabors.ImageSharp;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>
/// Pictures per second of clients that ask again and again, without and with batching in turn, A B A B; the ratio of each pair is
/// what counts. Beside it the processor time of a picture, which other programs of the machine change less. <c>batching [PICTURE.png] [MAXROWS] [WAIT in ms]</c>.
/// </summary>
internal static class Batching
{
    private const int Rounds = 5;
    private const int Steps = 10;

    public static void Run(string[] args)
    {
        var options = new BatchingOptions();
        options = args is [_, var rows, ..] ? options with { MaxRows = int.Parse(rows, CultureInfo.InvariantCulture) } : options;
        options = args is [_, _, var wait] ? options with { MaxWait = TimeSpan.FromMilliseconds(double.Parse(wait, CultureInfo.InvariantCulture)) } : options;
        MeasureRows();
        Console.WriteLine($"{options}, pictures of {Steps} steps with guidance, {Rounds} rounds");
        Console.WriteLine("| clients | alone, pictures/s | batched, pictures/s | ratio | quartiles | ratio of processor time | predictions in a call |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|");

        List<(double, double)> aloneLine = [], batchedLine = [];
        foreach (int clients in (ReadOnlySpan<int>)[1, 2, 4, 8])
        {
            (double alone, double batched) = Compare(clients, options);
            aloneLine.Add((clients, alone));
            batchedLine.Add((clients, batched));
        }

        if (args is [var path, ..])
        {
            Draw(path, aloneLine, batchedLine);
        }
    }

    // What a row costs the bare session in calls of more and more rows, on one thread, in turn: what a core gains or loses by batches.
    private static void MeasureRows()
    {
        const int Calls = 31;
        int[] rows = [1, 2, 4, 8, 16];
        EmojiModel[] models = [.. rows.Select(count => new EmojiModel(count, threads: 1))];
        double[][] times = [.. rows.Select(_ => new double[Calls])];
        for (int call = 0; call < Calls; call++)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                TimeSpan started = Environment.CpuUsage.TotalTime;
                models[i].RunUNet();
                times[i][call] = (Environment.CpuUsage.TotalTime - started).TotalMilliseconds / rows[i];
            }
        }

        Console.WriteLine("| rows of a call | processor time of a row, ms |");
        Console.WriteLine("|---:|---:|");
        for (int i = 0; i < rows.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {rows[i]} | {Quartiles.Of(times[i]).Median:0.00} |"));
            models[i].Dispose();
        }

        Console.WriteLine();
    }

    private static (double Alone, double Batched) Compare(int clients, BatchingOptions options)
    {
        var batching = new BatchingNoisePredictor(new OnnxNoisePredictor(EmojiModel.PathOf("unet")), options);
        using DiffusionPipeline alone = EmojiPipeline.Load();
        using DiffusionPipeline batched = DiffusionPipeline.CreateBuilder()
            .UseTextEncoder(new OnnxTextEncoder(EmojiModel.PathOf("text_encoder"), ClipTokenizer.Load(Path.Combine(EmojiPipeline.ModelFolder, "tokenizer"))))
            .UseNoisePredictor(batching)
            .UseLatentDecoder(new OnnxLatentDecoder(EmojiModel.PathOf("vae_decoder")))
            .UseScheduler(alone.Scheduler!)
            .UseDefaults(alone.Defaults)
            .Build();

        var (aloneSpeeds, batchedSpeeds, ratios, processorRatios) = (new double[Rounds], new double[Rounds], new double[Rounds], new double[Rounds]);
        Serve(alone, clients);
        Serve(batched, clients);
        for (int i = 0; i < Rounds; i++)
        {
            (aloneSpeeds[i], double aloneProcessor) = Serve(alone, clients);
            (batchedSpeeds[i], double batchedProcessor) = Serve(batched, clients);
            ratios[i] = batchedSpeeds[i] / aloneSpeeds[i];
            processorRatios[i] = batchedProcessor / aloneProcessor;
        }

        BatchingStatistics statistics = batching.Statistics;
        (double aloneSpeed, double batchedSpeed, Quartiles ratio) = (Quartiles.Of(aloneSpeeds).Median, Quartiles.Of(batchedSpeeds).Median, Quartiles.Of(ratios));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {clients} | {aloneSpeed:0.00} | {batchedSpeed:0.00} | {ratio.Median:0.00} | {ratio.Lower:0.00} to {ratio.Upper:0.00} | {Quartiles.Of(processorRatios).Median:0.00} | {(double)statistics.Predictions / statistics.Calls:0.00} |"));
        return (aloneSpeed, batchedSpeed);
    }

    private static (double Speed, double Processor) Serve(DiffusionPipeline pipeline, int clients)
    {
        int pictures = Math.Max(4, 2 * clients);
        int next = 0;
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        Task[] tasks = [.. Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            for (int i = Interlocked.Increment(ref next); i <= pictures; i = Interlocked.Increment(ref next))
            {
                await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Steps = Steps, Seed = i });
            }
        }))];
        Task.WaitAll(tasks);
        return (pictures / Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds / pictures);
    }

    private static void Draw(string path, List<(double X, double Y)> alone, List<(double X, double Y)> batched)
    {
        double top = Math.Ceiling(alone.Concat(batched).Max(point => point.Y));
        using var plot = new LinePlot(
            new PlotAxis("concurrent clients", 1, 8, [1, 2, 4, 8]) { IsLogarithmic = true },
            new PlotAxis("pictures/s", 0, top, [.. Enumerable.Range(0, (int)top + 1).Select(i => (double)i)]));
        plot.Add("each alone", alone);
        plot.Add("batched", batched);
        plot.Picture.Save(path);
    }
}
