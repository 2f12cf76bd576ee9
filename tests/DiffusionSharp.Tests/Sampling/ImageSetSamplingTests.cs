using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Sampling;

/// <summary>A model that knows a few images by heart draws one of them, through the whole pipeline.</summary>
public class ImageSetSamplingTests
{
    private const int Count = 32;
    private static readonly NoiseSchedule Schedule = NoiseSchedule.Linear();
    private static readonly ImageSet Set = ImageSet.Random(count: 4, length: 3 * 8 * 8, seed: 1);

    public static TheoryData<string, PredictionType> Cases()
    {
        var cases = new TheoryData<string, PredictionType>();
        foreach (string name in (string[])["DDPM", "DDPM thresholded", "DDIM", "DDIM trailing", "DDIM with noise"])
        {
            foreach (PredictionType type in (PredictionType[])[PredictionType.Epsilon, PredictionType.Sample, PredictionType.Velocity])
            {
                cases.Add(name, type);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_sample_is_one_of_the_images(string name, PredictionType type)
    {
        (IScheduler scheduler, int steps) = Create(name, type);
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(Set.Predictor(Schedule, type))
            .UseScheduler(scheduler)
            .UsePixelSpace()
            .Build();

        GenerationResult result = pipeline.Generate(new GenerationRequest { Steps = steps, Count = Count, Seed = 7, Width = 8, Height = 8 });

        // The last step returns x_0, where only one image is left in the softmax: what remains is rounding, a few times that of numbers
        // near 1, 6e-8, when x_0 is computed from ε or v.
        var drawn = new int[Set.Images.Count];
        foreach (GeneratedImage image in result.Images)
        {
            (int index, double distance) = Set.Nearest(image.Pixels.Values());
            Assert.InRange(distance, 0, 1e-6);
            drawn[index]++;
        }

        // Each is drawn with probability 1/4: 8 of 32 times, and within four standard deviations of sqrt(32·1/4·3/4) = 2.4 of that.
        Assert.All(drawn, times => Assert.InRange(times, 0, 8 + (4 * 2.5)));
        Assert.True(drawn.Count(times => times > 0) >= 3, "The model draws the same image again and again.");
    }

    private static (IScheduler Scheduler, int Steps) Create(string name, PredictionType type) => name switch
    {
        "DDPM" => (new DdpmScheduler(new DdpmOptions { Schedule = Schedule, PredictionType = type }), 1000),
        "DDPM thresholded" => (new DdpmScheduler(new DdpmOptions { Schedule = Schedule, PredictionType = type, Clipping = SampleClipping.DynamicThreshold(1) }), 100),
        "DDIM" => (new DdimScheduler(new DdimOptions { Schedule = Schedule, PredictionType = type, Clipping = SampleClipping.None }), 50),
        "DDIM trailing" => (new DdimScheduler(new DdimOptions { Schedule = Schedule, PredictionType = type, TimestepSpacing = TimestepSpacing.Trailing }), 20),
        _ => (new DdimScheduler(new DdimOptions { Schedule = Schedule, PredictionType = type, Eta = 1 }), 100),
    };
}
