using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Samples.Claims;

/// <summary>What all tables are measured with: the models on one thread, the same seeds, the same emojis to compare with.</summary>
internal sealed class Bench(string companions, string pictures, ClassList classes, EmojiIndex index, int count)
{
    /// <summary>One thread, so that processor time is the time of a picture, whatever else runs.</summary>
    public static OnnxPipelineOptions Options { get; } = new() { Onnx = new OnnxOptions { Threads = 1, Spinning = false } };

    public ClassList Classes => classes;

    public EmojiIndex Index => index;

    /// <summary>How many pictures there are of each class.</summary>
    public int Count => count;

    /// <summary>A file or folder of the companions.</summary>
    public string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([companions, .. parts]);

    public DiffusionPipeline Load(string name) => OnnxDiffusionPipeline.Load(PathOf(name), Options);

    /// <summary>Draws pictures of each class, and measures them.</summary>
    /// <param name="name">What to call it while it runs.</param>
    /// <param name="pipeline">What draws.</param>
    /// <param name="request">What to ask for a class; how many pictures and their seeds are filled in.</param>
    /// <param name="cancellationToken">Stops the drawing.</param>
    public async Task<Measurement> MeasureAsync(string name, DiffusionPipeline pipeline, Func<int, GenerationRequest> request, CancellationToken cancellationToken)
    {
        var (results, seconds) = (new List<GenerationResult>(), new List<double>());
        for (int label = 0; label < classes.Names.Length; label++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            results.Add(await pipeline.GenerateAsync(request(label) with { Count = count, Seed = 1000 * label }, cancellationToken: cancellationToken));
            seconds.Add((Environment.CpuUsage.TotalTime - start).TotalSeconds);
        }

        var measured = Measurement.Of(results, seconds, index);
        Console.WriteLine($"{name}: {string.Join(", ", measured.Cells)}, {measured.Seconds.Mean:0.000} s");
        return measured;
    }

    /// <summary>Saves a sheet of rows of pictures, each enlarged to one height.</summary>
    public void Save(string name, IEnumerable<IEnumerable<GeneratedImage>> rows, int height)
    {
        Image<Rgb24>[] strips = [.. rows.Select(row => Strip([.. row], height))];
        using Image<Rgb24> sheet = ImageGrid.Create(strips, columns: 1, gap: 0);
        Array.ForEach(strips, strip => strip.Dispose());
        sheet.Save(Path.Combine(pictures, name));
    }

    private static Image<Rgb24> Strip(GeneratedImage[] images, int height)
    {
        using Image<Rgb24> strip = ImageGrid.Create(images, images.Length, gap: 0);
        return strip.Upscale(height / strip.Height);
    }
}
