using DiffusionSharp.Conditions;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Pipelines;
using DiffusionSharp.Tests.Schedulers;

namespace DiffusionSharp.Tests.Serialization;

/// <summary>The request of a result makes the same picture in another process, from its JSON alone.</summary>
public class ReplayTests
{
    private static readonly TextToImageRequest Text = new("a cat") { Steps = 5 };

    [Fact]
    public async Task Another_process_makes_the_same_pictures_to_the_last_bit()
    {
        using var folder = new TemporaryFolder();
        using DiffusionPipeline pipeline = Toy.Pipeline(Toy.Ddpm);
        var expected = new Dictionary<string, byte[]>();
        foreach (GenerationRequest request in Requests())
        {
            GenerationResult result = pipeline.Generate(request);
            Save(result.Request, Replay.Bytes(result));
            Save(result.Images[^1].Request, Replay.Bytes(result)[(^(4 * (int)result.Images[^1].Pixels.FlattenedLength))..]);
        }

        await ChildProcess.RunAsync("replay", folder.Path);
        Assert.All(expected, picture => Assert.Equal(picture.Value, File.ReadAllBytes(folder.File($"{picture.Key}.float32"))));

        void Save(GenerationRequest request, byte[] picture)
        {
            string name = $"{expected.Count}";
            expected.Add(name, picture);
            folder.Write($"{name}.json", Outsiders.Json.Serialize(request));
        }
    }

    private static IEnumerable<GenerationRequest> Requests()
    {
        // Whatever chance chooses has to be in the result, so no request has a seed.
        yield return Text with { Count = 3 };
        yield return Text with { Timesteps = [900, 400, 3], GuidanceScale = 1.5f, NegativePrompt = "fur", Width = 8, Height = 24 };
        yield return Text with { Count = 2, Prompts = ["a cat", "a dog"], GuidanceScales = [0.1f, 7], Seeds = [3, long.MaxValue] };
        yield return new ImageToImageRequest("a cat", Toy.Picture()) { Strength = 0.3 };
        yield return new InpaintingRequest("a cat", Toy.Picture(), Toy.RightHalf) { PastesKnownPixels = true, Count = 2 };
        yield return new ImageToImageRequest("a cat", Toy.Picture()) { EncodesPictureOnce = true };
        yield return new GenerationRequest { Conditioning = Conditioning.Of((ConditionNames.Context, Toy.Picture(1, 2))) };
        yield return Text with { Scheduler = new HalvedSteps(new DdimScheduler(Toy.Ddim.Options with { Eta = 1 / 3.0 })) };
        yield return Text with { Scheduler = new PlainDdpm(Toy.Ddpm.Options) };

        // τ of "SA-Solver 4" is a function.
        foreach (string name in KnownSchedulers.Names.Where(name => name != "SA-Solver 4" && !name.StartsWith("Own", StringComparison.Ordinal)))
        {
            IScheduler scheduler = KnownSchedulers.Create(name);
            yield return scheduler.KeepsKnownRegion
                ? new InpaintingRequest("a cat", Toy.Picture(), Toy.RightHalf) { Steps = 5, Scheduler = scheduler }
                : Text with { Scheduler = scheduler };
        }
    }
}
