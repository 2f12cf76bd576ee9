using DiffusionSharp.Noise;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>The same request with the same seed gives the same picture, bit for bit: again, alone, in a batch, beside others.</summary>
public class DeterminismTests
{
    public static TheoryData<string> Schedulers() => ["DDIM", "DDPM", "DDIM with noise"];

    [Theory]
    [MemberData(nameof(Schedulers))]
    public void A_seed_gives_the_same_picture_again(string scheduler)
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Create(scheduler));
        using DiffusionPipeline another = Toy.Pipeline(Create(scheduler));
        var request = new TextToImageRequest("a cat") { Seed = 5 };
        GeneratedImage first = pipeline.Generate(request).Images[0];
        Toy.AssertSamePixels(first, pipeline.Generate(request).Images[0]);
        Toy.AssertSamePixels(first, another.Generate(request).Images[0]);
    }

    [Fact]
    public void Another_seed_or_prompt_gives_another_picture()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        float[] picture = Pixels(pipeline.Generate(new TextToImageRequest("a cat") { Seed = 5 }));
        Assert.NotEqual(picture, Pixels(pipeline.Generate(new TextToImageRequest("a cat") { Seed = 6 })));
        Assert.NotEqual(picture, Pixels(pipeline.Generate(new TextToImageRequest("a dog") { Seed = 5 })));
        Assert.NotEqual(picture, Pixels(pipeline.Generate(new TextToImageRequest("a cat") { Seed = 5, NegativePrompt = "fur" })));
        Assert.NotEqual(picture, Pixels(pipeline.Generate(new TextToImageRequest("a cat") { Seed = 5, GuidanceScale = 1 })));
    }

    [Theory]
    [MemberData(nameof(Schedulers))]
    public void A_batch_holds_the_pictures_that_its_seeds_give_alone(string scheduler)
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Create(scheduler));
        var request = new TextToImageRequest("a cat") { Seed = 5, Count = 3 };
        GenerationResult batch = pipeline.Generate(request);
        Assert.Equal([5L, 6, 7], batch.Images.Select(i => i.Seed));
        for (int i = 0; i < 3; i++)
        {
            Toy.AssertSamePixels(pipeline.Generate(request with { Count = 1, Seed = 5 + i }).Images[0], batch.Images[i]);
        }
    }

    [Fact]
    public void Seeds_of_a_list_are_used_in_its_order()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Toy.Ddpm);
        var request = new TextToImageRequest("a cat") { Seeds = [9, 0, long.MaxValue], Count = 3, Seed = 1 };
        GenerationResult batch = pipeline.Generate(request);
        Assert.Equal([9L, 0, long.MaxValue], batch.Images.Select(i => i.Seed));
        Assert.All(batch.Images, image => Toy.AssertSamePixels(pipeline.Generate(request with { Seeds = null, Count = 1, Seed = image.Seed }).Images[0], image));
    }

    [Theory]
    [MemberData(nameof(Schedulers))]
    public void Every_picture_carries_the_request_that_makes_it_alone(string scheduler)
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Create(scheduler));
        GenerationRequest[] requests =
        [
            new TextToImageRequest("a cat") { Count = 2 },
            new TextToImageRequest("a cat") { Count = 2, Seeds = [3, 1], Width = 8, Height = 24, NegativePrompt = "fur" },
            new ImageToImageRequest("a cat", Toy.Picture()) { Count = 2, Strength = 0.5, Seed = 4 },
            new GenerationRequest { Count = 2, Timesteps = [900, 400, 3] },
        ];
        foreach (GenerationRequest request in requests)
        {
            foreach (GeneratedImage image in pipeline.Generate(request).Images)
            {
                Assert.Equal(request.GetType(), image.Request.GetType());
                Assert.Equal(1, image.Request.Count);
                Toy.AssertSamePixels(image, Assert.Single(pipeline.Generate(image.Request).Images));
            }
        }
    }

    [Fact]
    public void The_carried_request_has_every_default_filled_in_and_the_given_one_is_left_alone()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        var request = new TextToImageRequest("a cat");
        GeneratedImage image = pipeline.Generate(request).Images[0];
        Assert.Equal(new TextToImageRequest("a cat"), request);
        Assert.Equal(
            new TextToImageRequest("a cat") { Scheduler = Toy.Ddim, Noise = nameof(TorchCpuNoise), Seed = image.Seed, Width = 32, Height = 16, Steps = 6, GuidanceScale = 3 },
            image.Request);
        Assert.Equal("DDIM", image.SchedulerName);
    }

    [Theory]
    [MemberData(nameof(Schedulers))]
    public async Task Generations_beside_each_other_give_what_they_give_one_after_the_other(string scheduler)
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Create(scheduler));
        TextToImageRequest[] requests = [.. Enumerable.Range(0, 8).Select(i => new TextToImageRequest($"cat {i}") { Seed = i, Steps = 20 + i, Count = 1 + (i % 2), Width = 64, Height = 64 })];
        GenerationResult[] sequential = [.. requests.Select(r => pipeline.Generate(r))];
        GenerationResult[] concurrent = await Task.WhenAll(requests.Select(r => pipeline.GenerateAsync(r)));
        for (int i = 0; i < requests.Length; i++)
        {
            Assert.Equal(sequential[i].Latents.Values(), concurrent[i].Latents.Values());
            Assert.Equal(Pixels(sequential[i]), Pixels(concurrent[i]));
        }
    }

    private static IScheduler Create(string name) => name switch
    {
        "DDIM" => Toy.Ddim,
        "DDPM" => Toy.Ddpm,
        _ => new DdimScheduler(Toy.Ddim.Options with { Eta = 0.7 }),
    };

    private static float[] Pixels(GenerationResult result) => [.. result.Images.SelectMany(i => i.Pixels.Values().ToArray())];
}
