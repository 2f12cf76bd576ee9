using System.Numerics.Tensors;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>Drawing part of a picture anew.</summary>
public class InpaintingTests
{
    [Fact]
    public void What_the_mask_keeps_ends_as_the_autoencoder_sees_it_and_the_rest_does_not()
    {
        var autoencoder = new ToyAutoencoder();
        using DiffusionPipeline pipeline = Toy.Builder(autoencoder: autoencoder).UseScheduler(Toy.Ddpm).Build();
        GenerationResult result = pipeline.Generate(new InpaintingRequest("a cat", Toy.Picture(), Toy.RightHalf) { Seed = 3 });
        float[] encoded = autoencoder.Encode(Toy.Picture(), new TorchCpuNoise(3L)).Values().ToArray();
        float[] latents = result.Latents.Values().ToArray();
        Assert.All(Enumerable.Range(0, 32), i => Assert.Equal(i % 4 < 2, encoded[i] == latents[i]));
        Assert.Equal(6, result.Timings.Steps);
    }

    [Fact]
    public async Task Between_steps_the_known_part_is_at_the_level_of_the_next_step_with_the_first_noise()
    {
        using DiffusionPipeline pipeline = Toy.PixelBuilder(NoisePredictor.FromFunction(Toy.Predict)).Build();
        Tensor<float> picture = Toy.Picture(4, 4);
        var noise = new float[48];
        new TorchCpuNoise(11L).Fill(noise);
        var request = new GenerationRequest { InitialImage = picture, Mask = Mask(4, 4, (y, _) => y >= 2 ? 1 : 0), Strength = 1, Seed = 11 };
        await foreach (DenoisingStep step in pipeline.StreamAsync(request))
        {
            // arXiv:2006.11239, eq. 4, at timesteps 600, 400, 200, 0; nothing is left after the last.
            double alphaBar = step.IsLast ? 1 : NoiseSchedule.Linear().AlphaBar[(int)step.Timestep - 200];
            float[] latents = step.CopyLatents().Values().ToArray();
            for (int i = 0; i < 48; i++)
            {
                double known = (Math.Sqrt(alphaBar) * picture.Values()[i]) + (Math.Sqrt(1 - alphaBar) * noise[i]);
                Assert.Equal(i % 16 < 8, Math.Abs(known - latents[i]) <= 4 * Approximate.Roundoff * (1 + Math.Abs(noise[i])));
            }
        }
    }

    [Fact]
    public void With_strength_1_what_is_drawn_knows_nothing_of_the_picture_below()
    {
        using DiffusionPipeline pipeline = Toy.PixelBuilder(NoisePredictor.FromFunction(Toy.Predict)).Build();
        Tensor<float> other = Tensor.Create(Toy.Picture(4, 4).Values().ToArray(), [1, 3, 4, 4]);
        other[0, 1, 3, 2] = -0.9f;
        GenerationRequest request = new() { InitialImage = Toy.Picture(4, 4), Mask = Mask(4, 4, (y, _) => y >= 2 ? 1 : 0), Strength = 1, Seed = 2 };
        Toy.AssertSamePixels(pipeline.Generate(request).Images[0], pipeline.Generate(request with { InitialImage = other }).Images[0]);
        Assert.NotEqual(
            pipeline.Generate(request with { Strength = 0.6 }).Images[0].Pixels.Values().ToArray(),
            pipeline.Generate(request with { Strength = 0.6, InitialImage = other }).Images[0].Pixels.Values().ToArray());
    }

    [Fact]
    public void A_mask_of_ones_draws_as_without_a_picture_and_one_of_zeros_returns_it()
    {
        using DiffusionPipeline pipeline = Toy.PixelBuilder(NoisePredictor.FromFunction(Toy.Predict)).UseScheduler(Toy.Ddpm).Build();
        var request = new GenerationRequest { InitialImage = Toy.Picture(4, 4), Strength = 1, Seed = 2 };
        Toy.AssertSamePixels(pipeline.Generate(new GenerationRequest { Seed = 2 }).Images[0], pipeline.Generate(request with { Mask = Mask(4, 4, (_, _) => 1) }).Images[0]);
        Assert.Equal(Toy.Picture(4, 4).Values(), pipeline.Generate(request with { Mask = Mask(4, 4, (_, _) => 0) }).Images[0].Pixels.Values());
    }

    [Fact]
    public void In_the_latents_the_first_pixel_of_a_block_decides_from_one_half_on()
    {
        // torch.nn.functional.interpolate of diffusers' binarised mask: nearest, the first pixel of each block.
        float[] firsts = [0.5f, 0.49f, 1, 0, 0, 1, 0.75f, 0.25f];
        Tensor<float> mask = Mask(16, 32, (y, x) => x % 8 == 0 && y % 8 == 0 ? firsts[(y / 8 * 4) + (x / 8)] : (x + y) % 2);
        var autoencoder = new ToyAutoencoder();
        using DiffusionPipeline pipeline = Toy.Builder(autoencoder: autoencoder).Build();
        float[] latents = pipeline.Generate(new InpaintingRequest("a cat", Toy.Picture(), mask) { Seed = 3 }).Latents.Values().ToArray();
        float[] encoded = autoencoder.Encode(Toy.Picture(), new TorchCpuNoise(3L)).Values().ToArray();
        Assert.All(Enumerable.Range(0, 32), i => Assert.Equal(firsts[i % 8] < 0.5f, encoded[i] == latents[i]));
    }

    [Fact]
    public void Known_pixels_are_pasted_only_when_asked_and_blend_by_the_mask()
    {
        Tensor<float> mask = Mask(16, 32, (_, x) => x / 31f);
        using DiffusionPipeline pipeline = Toy.Pipeline();
        var request = new InpaintingRequest("a cat", Toy.Picture(), mask) { Seed = 3, Count = 2 };
        GenerationResult plain = pipeline.Generate(request);
        GenerationResult pasted = pipeline.Generate(request with { PastesKnownPixels = true });
        Assert.Equal(plain.Latents.Values(), pasted.Latents.Values());
        float[] picture = Toy.Picture().Values().ToArray();
        for (int image = 0; image < 2; image++)
        {
            float[] without = plain.Images[image].Pixels.Values().ToArray();
            float[] with = pasted.Images[image].Pixels.Values().ToArray();
            Assert.NotEqual(picture[0], without[0]);
            for (int i = 0; i < with.Length; i++)
            {
                double weight = i % 32 / 31.0;
                Assert.Equal((weight * without[i]) + ((1 - weight) * picture[i]), with[i], 1e-6 * (1 + Math.Abs(without[i])));
            }
        }
    }

    [Fact]
    public void Every_picture_of_a_batch_is_that_of_its_seed_alone()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline(Toy.Ddpm);
        GenerationResult batch = pipeline.Generate(new InpaintingRequest("a cat", Toy.Picture(), Toy.RightHalf) { Seed = 5, Count = 3 });
        Toy.AssertSamePixels(pipeline.Generate(batch.Images[2].Request).Images[0], batch.Images[2]);
        Assert.NotEqual(batch.Images[0].Pixels.Values().ToArray(), batch.Images[2].Pixels.Values().ToArray());
    }

    [Fact]
    public void A_scheduler_that_keeps_the_known_part_itself_is_let()
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        var autoencoder = new ToyAutoencoder();
        using DiffusionPipeline pipeline = Toy.Builder(predictor, autoencoder: autoencoder)
            .UseScheduler(new RePaintScheduler(Toy.Ddim.Options.For<RePaintOptions>() with { Eta = 1, JumpLength = 2, JumpSamples = 2 }))
            .Build();
        var request = new InpaintingRequest("a cat", Toy.Picture(), Toy.RightHalf) { Seed = 3, Steps = 8 };
        GenerationResult result = pipeline.Generate(request);
        Assert.Equal(14, predictor.Predictions);
        float[] encoded = autoencoder.Encode(Toy.Picture(), new TorchCpuNoise(3L)).Values().ToArray();
        float[] latents = result.Latents.Values().ToArray();
        Assert.All(Enumerable.Range(0, 32), i => Assert.Equal(i % 4 < 2, encoded[i] == latents[i]));

        // Half of the steps: from the level of step 4 on, jumps included.
        Assert.Equal(8, pipeline.Generate(request with { Strength = 0.5 }).Timings.Steps);
        Assert.Contains(nameof(InpaintingRequest), Assert.Throws<ArgumentException>(() => pipeline.Generate(new TextToImageRequest("a cat"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_request_has_strength_1_and_wants_a_mask()
    {
        Assert.Equal(1, new InpaintingRequest("a cat", Toy.Picture(), Toy.RightHalf).Strength);
        Assert.Equal("mask", Assert.Throws<ArgumentNullException>(() => new InpaintingRequest("a cat", Toy.Picture(), null!)).ParamName);
    }

    private static Tensor<float> Mask(int height, int width, Func<int, int, float> value) =>
        Tensor.Create([.. Enumerable.Range(0, height * width).Select(i => value(i / width, i % width))], [1, 1, height, width]);
}
