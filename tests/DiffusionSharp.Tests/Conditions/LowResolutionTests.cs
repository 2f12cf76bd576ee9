using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Conditions;

/// <summary>What a network for super-resolution is shown.</summary>
public sealed class LowResolutionTests : IDisposable
{
    private static readonly NoiseAugmentation Augmentation = new(NoiseSchedule.Linear(), Usual: 20, Largest: 350);
    private static readonly Tensor<float> Small = Toy.Picture(2, 2);

    private readonly RecordingPredictor _predictor = new(Toy.Predict);

    private Conditioning Given => Assert.Single(_predictor.Plans).Conditioning;

    public void Dispose() => _predictor.Dispose();

    [Fact]
    public void The_picture_is_enlarged_and_noised_after_the_initial_noise_for_each_picture()
    {
        using DiffusionPipeline pipeline = Pipeline(new LowResolutionConditions(Resampling.Nearest) { Augmentation = Augmentation });
        pipeline.Generate(Request(new LowResolution(Small) { NoiseLevel = 100 }) with { Count = 2, Seed = 7 });
        Assert.Equal([100, 100], Given.ClassLabels!.Values());
        float[] enlarged = Small.Resize(4, 4, Resampling.Nearest).Values().ToArray();
        Assert.Equal([.. Noised(enlarged, seed: 7, drawnBefore: 1), .. Noised(enlarged, seed: 8, drawnBefore: 1)], Given.Concatenated!.Values().ToArray());
    }

    [Fact]
    public void Or_before_it_once_for_one_picture_of_them_all()
    {
        using DiffusionPipeline pipeline = Pipeline(new LowResolutionConditions(Resampling.Nearest) { Augmentation = Augmentation, DrawsBeforeInitialNoise = true });
        pipeline.Generate(Request(new LowResolution(Small) { NoiseLevel = 100 }) with { Count = 2, Seed = 7 });
        float[] once = Noised(Small.Resize(4, 4, Resampling.Nearest).Values().ToArray(), seed: 7, drawnBefore: 0);
        Assert.Equal([.. once, .. once], Given.Concatenated!.Values().ToArray());
    }

    [Fact]
    public void Each_of_several_small_pictures_can_be_enlarged_alone()
    {
        using DiffusionPipeline pipeline = Pipeline(new LowResolutionConditions(Resampling.Bilinear) { Augmentation = Augmentation });
        Tensor<float> two = Tensor.Create([.. Small.Values(), .. Tensor.Multiply(Small, -1f).Values()], [2, 3, 2, 2]);
        GenerationResult result = pipeline.Generate(Request(new LowResolution(two)) with { Count = 2, Seed = 3 });
        Assert.Equal([20, 20], Given.ClassLabels!.Values());
        Assert.All(result.Images, image => Toy.AssertSamePixels(image, pipeline.Generate(image.Request).Images[0]));
    }

    [Fact]
    public void The_size_follows_from_the_small_picture()
    {
        var space = new UpscaledSpace(new LatentSpace { Channels = 3, DownsamplingFactor = 1 }, 3);
        Assert.Equal((6, 6), space.SizeOf(Request(new LowResolution(Small))));
        Assert.Null(space.SizeOf(new GenerationRequest()));
        var latents = new UpscaledSpace(new LatentSpace { Channels = 4, DownsamplingFactor = 8 }, 2);
        Assert.Equal((32, 48), latents.SizeOf(Request(new LowResolution(Tensor.CreateFromShape<float>([1, 4, 2, 3])) { IsLatent = true })));
    }

    [Fact]
    public void What_cannot_be_enlarged_is_refused_by_name_before_work_starts()
    {
        using DiffusionPipeline noised = Pipeline(new LowResolutionConditions(Resampling.Nearest) { Augmentation = Augmentation });
        using DiffusionPipeline plain = Pipeline(new LowResolutionConditions(Resampling.Nearest));
        Refuses<ArgumentException>(plain, new GenerationRequest(), "LowResolution");
        Refuses<ArgumentException>(plain, Request(new LowResolution(Small) { NoiseLevel = 3 }), "NoiseLevel");
        Refuses<ArgumentOutOfRangeException>(noised, Request(new LowResolution(Small) { NoiseLevel = 351 }), "NoiseLevel", "0 to 350");
        Refuses<ArgumentOutOfRangeException>(noised, Request(new LowResolution(Small) { NoiseLevel = -1 }), "NoiseLevel");
        Refuses<ArgumentException>(plain, Request(new LowResolution(Small) { IsLatent = true }), "latents");
        Refuses<ArgumentException>(plain, Request(new LowResolution(Tensor.CreateFromShape<float>([1, 4, 2, 2]))), "[1, 4, 2, 2]", "[1, 3, height, width]");
        Refuses<ArgumentException>(plain, Request(new LowResolution(Tensor.CreateFromShape<float>([2, 3, 2, 2]))), "[2, 3, 2, 2]", "1 pictures");
        Refuses<ArgumentException>(plain, Request(new LowResolution(Tensor.Create([float.NaN, 0, 0], [1, 3, 1, 1]))), "finite");
        Assert.Empty(_predictor.Plans);
    }

    private static GenerationRequest Request(LowResolution small) => new() { Parts = [small] };

    // q(x_t | x_0) with the noise that a picture's source gives behind what was drawn of it before.
    private static float[] Noised(float[] picture, long seed, int drawnBefore)
    {
        var noise = new float[picture.Length];
        var source = new TorchCpuNoise(seed);
        for (int i = 0; i <= drawnBefore; i++)
        {
            source.Fill(noise);
        }

        Augmentation.Schedule.AddNoise(picture, noise, 100, noise);
        return noise;
    }

    private static void Refuses<T>(DiffusionPipeline pipeline, GenerationRequest request, params string[] words)
        where T : ArgumentException
    {
        string message = Assert.Throws<T>(() => pipeline.Generate(request)).Message;
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    private DiffusionPipeline Pipeline(LowResolutionConditions conditions) => Toy.PixelBuilder(_predictor).UseConditions(conditions).Build();
}
