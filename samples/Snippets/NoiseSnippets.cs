using DiffusionSharp.Emoji;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Snippets;

internal static class NoiseSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("torch-noise", TorchNoise), ("batch-seeds", BatchSeeds), ("other-noise", OtherNoise), ("brownian-noise", BrownianNoise), ("one-stream", OneStream), ("own-noise", OwnNoise)];

    private static Task TorchNoise()
    {
        #region torch-noise
        var values = new float[16];
        new TorchCpuNoise(0).Fill(values);
        Console.WriteLine(string.Join(", ", values.Take(4)));
        #endregion
        return Task.CompletedTask;
    }

    private static async Task BatchSeeds()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        #region batch-seeds
        var consecutive = new TextToImageRequest("a red heart") { Count = 3, Seed = 40 };            // seeds 40, 41, 42
        var chosen = new TextToImageRequest("a red heart") { Count = 3, Seeds = [7, 40, 1000] };
        var alone = new TextToImageRequest("a red heart") { Seed = 41 };                             // the second of `consecutive`
        #endregion
        foreach (TextToImageRequest request in (TextToImageRequest[])[consecutive, chosen, alone])
        {
            GenerationResult result = await pipeline.GenerateAsync(request with { Steps = 10 });
            Console.WriteLine(string.Join(", ", result.Images.Select(image => $"{image.Seed}: {image.Pixels.Values()[0]}")));
        }
    }

    private static Task OtherNoise()
    {
        #region other-noise
        var values = new float[4];
        new TorchCudaNoise(0).Fill(values);
        Console.WriteLine($"torch.randn(4, device=\"cuda\"): {string.Join(", ", values)}");

        new NumpyLegacyNoise(0).Fill(values);
        Console.WriteLine($"numpy.random.RandomState(0).randn(4): {string.Join(", ", values)}");
        #endregion
        return Task.CompletedTask;
    }

    private static async Task BrownianNoise()
    {
        #region brownian-noise
        using DiffusionPipeline pipeline = EmojiPipeline.Load(new OnnxPipelineOptions { CreateNoise = seed => new BrownianTreeNoise(seed) });
        var sampler = new EulerAncestralScheduler(EulerAncestralOptions.From(((IDiscreteScheduler)pipeline.Scheduler!).Options));
        using DiffusionPipeline ancestral = pipeline.WithScheduler(sampler);
        foreach (int steps in (int[])[25, 50, 100])
        {
            GenerationResult result = await ancestral.GenerateAsync(new TextToImageRequest("a red apple") { Steps = steps, Seed = 1 });
            result.Images[0].SaveAsPng($"apple-{steps}.png");
        }
        #endregion
    }

    private static async Task OneStream()
    {
        using DiffusionPipeline emoji = EmojiPipeline.Load();
        #region one-stream
        using DiffusionPipeline pipeline = emoji.ToBuilder()
            .UseGenerationNoise(seeds => GenerationNoise.OneStream(new TorchCpuNoise(seeds[0]), seeds.Count))
            .Build();
        #endregion
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red heart") { Count = 2, Seed = 1, Steps = 10 });
        Console.WriteLine(result.Images.Count);
    }

    private static async Task OwnNoise()
    {
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(Prediction.NoisePredictor.FromFunction((_, _, _, prediction) => prediction.Clear()))
            .UseScheduler(new Schedulers.DdimScheduler())
            .UsePixelSpace()
            .UseNoise(seed => new SystemNoise((int)seed))
            .UseDefaults(new GenerationDefaults { Width = 16, Height = 16, Steps = 2 })
            .Build();
        GenerationResult result = await pipeline.GenerateAsync(new GenerationRequest { Seed = 1 });
        result.Images[0].SaveAsPng("own-noise.png");
    }

    #region own-noise
    /// <summary>Normal values from .NET's generator; use it with <c>builder.UseNoise(seed => new SystemNoise((int)seed))</c>.</summary>
    private sealed class SystemNoise(int seed) : INoiseSource
    {
        private int _draws;

        public void Fill(Span<float> destination)
        {
            // a generator for each draw, so that the number of draws is all there is to remember
            var random = new Random((seed * 1000003) + _draws++);
            foreach (ref float value in destination)
            {
                value = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
            }
        }

        public void Save(BinaryWriter writer) => writer.Write(_draws);

        public void Restore(BinaryReader reader) => _draws = reader.ReadInt32();
    }
    #endregion
}
