using System.Numerics.Tensors;
using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Noise;
using Xunit.Abstractions;

namespace DiffusionSharp.Companions.Tests;

/// <summary>The UNet with nine channels keeps the left half of a red heart, and draws the right half to a prompt.</summary>
public class InpaintingTests(InpaintingTests.Model companion, ITestOutputHelper output) : IClassFixture<InpaintingTests.Model>
{
    private const int Half = 32;
    private static readonly Tensor<float> RightHalf = Pictures.Create(1, 64, 64, (_, _, x) => x < Half ? 0 : 1);

    [Fact]
    public void The_half_that_is_not_masked_is_kept()
    {
        Tensor<float> heart = Reference.RedHeart(64);
        Tensor<float> kept = Pictures.Columns(heart, ..Half);
        DiffusionPipeline pipeline = companion.Pipeline;
        Tensor<float> returned = pipeline.LatentDecoder!.Decode(pipeline.LatentEncoder!.Encode(heart, new TorchCpuNoise(0UL)));
        double autoencoder = Psnr.Between(kept, Pictures.Columns(returned, ..Half));

        double inpainted = Draw("a red heart").Average(image => Psnr.Between(kept, Pictures.Columns(image.Pixels, ..Half)));

        output.WriteLine($"{inpainted:0.0} dB, {autoencoder:0.0} dB by the autoencoder alone");

        // The network draws the kept half, too; that it copies it is what it has learned, not what anything enforces.
        Assert.True(inpainted > 31, $"{inpainted} dB, {autoencoder} dB by the autoencoder alone");
    }

    [Fact]
    public void The_masked_half_is_drawn_anew_to_fit()
    {
        Tensor<float> missing = Pictures.Columns(Reference.RedHeart(64), Half..);
        double gray = Psnr.Between(missing, Tensor.CreateFromShape<float>(missing.Lengths));

        double drawn = Draw("a red heart").Average(image => Psnr.Between(missing, Pictures.Columns(image.Pixels, Half..)));

        output.WriteLine($"{drawn:0.0} dB, {gray:0.0} dB where it stays gray");
        Assert.True(drawn > gray + 10, $"{drawn} dB, {gray} dB where it stays gray");
    }

    [Fact]
    public void The_masked_half_has_the_colours_of_what_is_asked_for()
    {
        // The heart that is half there would be a red one; the prompt is the only hint of another colour.
        (double redOfRed, double blueOfRed) = Inside(Draw("a red heart"));
        (double redOfBlue, double blueOfBlue) = Inside(Draw("a blue heart"));

        output.WriteLine($"red heart: red {redOfRed:0}, blue {blueOfRed:0}; blue heart: red {redOfBlue:0}, blue {blueOfBlue:0}");
        Assert.True(redOfRed > blueOfRed + 50, $"The red heart's other half has {redOfRed} of red and {blueOfRed} of blue.");
        Assert.True(blueOfBlue > blueOfRed + 50, $"The blue heart's other half has {blueOfBlue} of blue, the red heart's {blueOfRed}.");
    }

    private IReadOnlyList<GeneratedImage> Draw(string prompt) =>
        companion.Pipeline.Generate(new InpaintingRequest(prompt, Reference.RedHeart(64), RightHalf) { Count = 3, Seed = 0, Steps = 20 }).Images;

    // Well inside of the heart's right half.
    private static (double Red, double Blue) Inside(IReadOnlyList<GeneratedImage> images) => (
        images.Average(image => Pictures.Mean(image.Pixels, Pictures.Red, IsInside)),
        images.Average(image => Pictures.Mean(image.Pixels, Pictures.Blue, IsInside)));

    private static bool IsInside(int x, int y) => x is >= 38 and < 54 && y is >= 18 and < 32;

    public sealed class Model() : LatentCompanion("emoji-inpainting", new DiffusionSharp.Conditions.MaskedPictureConditions());
}
