using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.ModelFolders;

/// <summary>A loaded folder of either dialect draws the picture that the papers' formulas give.</summary>
public class FolderPictureTests
{
    // Five roundings of values below 5, of 2^-24 or 2^-11 of the value.
    private const double Float32 = 5 * 5 / 16_777_216.0;
    private const double Float16 = 5 * 5 / 2048.0;

    [Theory]
    [InlineData("optimum-float32", Float32)]
    [InlineData("optimum-float16", Float16)]
    public void Text_to_image_of_an_optimum_export(string name, double rounding)
    {
        using var folder = new ModelFolder(name);
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        GenerationResult result = pipeline.Generate(new TextToImageRequest("red") { NegativePrompt = "blue", Steps = 4, GuidanceScale = 3, Seeds = [5, 9], Count = 2 });

        // 16 pixels a side, the network's sample size of 8 times the autoencoder's factor of 2.
        (double[] latents, double tolerance) = Optimum(rounding).Run(SamplingByHand.Noise(4 * 8 * 8, 5, 9), steps: 4);
        AssertLatents(result, [2, 4, 8, 8], latents, tolerance);
        AssertPictures(result, [1, 3, 16, 16], PictureFormula.Decode(result.Latents.Values(), 8, 8, factor: 2, scale: 0.5, shift: 0.25), rounding);
    }

    [Theory]
    [InlineData("legacy-float32", Float32)]
    [InlineData("legacy-float16", Float16)]
    public void Text_to_image_of_a_legacy_export_without_configurations(string name, double rounding)
    {
        using var folder = new ModelFolder(name);
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        GenerationResult result = pipeline.Generate(new TextToImageRequest("blue") { Steps = 5, GuidanceScale = 2, Seed = 0, Width = 48, Height = 32 });

        var byHand = new SamplingByHand
        {
            // The file says 0, which is outdated.
            StepsOffset = 1,
            PredictsVelocity = true,
            SetAlphaToOne = true,
            PredictionError = rounding,
            Conditional = MiniVocabulary.MeanContext("blue"),
            Unconditional = MiniVocabulary.MeanContext(""),
            Guidance = 2,
        };
        (double[] latents, double tolerance) = byHand.Run(SamplingByHand.Noise(4 * 4 * 6, 0), steps: 5);
        AssertLatents(result, [1, 4, 4, 6], latents, tolerance);

        // Stable Diffusion's constants, which such folders do not repeat; 1/0.18215 makes latents large, and so their rounding.
        AssertPictures(result, [1, 3, 32, 48], PictureFormula.Decode(result.Latents.Values(), 4, 6, factor: 8, scale: 0.18215, shift: 0), rounding * 4);
    }

    [Fact]
    public void An_unconditional_model_of_pixels()
    {
        using var folder = new ModelFolder("pixels");
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        GenerationResult result = pipeline.Generate(new GenerationRequest { Steps = 10, Seed = 3 });

        (double[] pixels, double tolerance) = new SamplingByHand { SetAlphaToOne = true, PredictionError = Float32 }.Run(SamplingByHand.Noise(3 * 8 * 8, 3), steps: 10);
        AssertPictures(result, [1, 3, 8, 8], pixels, tolerance);
    }

    [Fact]
    public void A_model_of_pixels_with_concatenated_channels_diffuses_those_that_it_predicts()
    {
        using var folder = new ModelFolder("pixels");
        folder.Copy("predictors/concatenated.onnx", "unet/model.onnx");
        folder.Edit("unet/config.json", config => (config["in_channels"], config["out_channels"]) = (9, 4));
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);

        var conditioning = Conditioning.Of((ConditionNames.Concatenated, Values.Tensor(11, 1, 5, 8, 8)));
        GenerationResult result = pipeline.Generate(new GenerationRequest { Steps = 2, Seed = 3, Conditioning = conditioning });

        Assert.Equal([1, 4, 8, 8], result.Images[0].Pixels.Lengths.ToArray());
    }

    [Fact]
    public void A_model_of_pixels_with_a_learned_variance_diffuses_those_that_it_takes()
    {
        using var folder = new ModelFolder("pixels");
        folder.Copy("predictors/learned-variance.onnx", "unet/model.onnx");
        folder.Edit("unet/config.json", config => (config["in_channels"], config["out_channels"]) = (4, 8));
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);

        GenerationResult result = pipeline.Generate(new GenerationRequest { Steps = 2, Seed = 3 });

        Assert.Equal([1, 4, 8, 8], result.Images[0].Pixels.Lengths.ToArray());
    }

    [Fact]
    public void Image_to_image_starts_from_the_encoded_and_noised_picture()
    {
        using var folder = new ModelFolder("optimum-float32");
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        Tensor<float> picture = Values.Tensor(0, 1, 3, 8, 16);
        GenerationResult result = pipeline.Generate(new ImageToImageRequest("red", picture) { NegativePrompt = "blue", Steps = 4, Strength = 0.5, GuidanceScale = 3, Seed = 7 });

        // The encoder's deviation is exp(-15), so its draw hardly shows; it is the first of the seed's stream all the same.
        var noise = new float[4 * 4 * 8];
        var stream = new Noise.TorchCpuNoise(7UL);
        stream.Fill(noise);
        stream.Fill(noise);
        SamplingByHand byHand = Optimum(Float32);
        double[] encoded = Array.ConvertAll(PictureFormula.EncodeMean(picture, 2), z => (z - 0.25) * 0.5);
        (double[] latents, double tolerance) = byHand.Run(byHand.AddNoise(encoded, Array.ConvertAll(noise, e => (double)e), steps: 4, first: 2), steps: 4, first: 2);
        AssertLatents(result, [1, 4, 4, 8], latents, tolerance + Math.Exp(-15) * 5);
    }

    [Theory]
    [InlineData("optimum-float32", 2, 0.5, 0.25)]
    [InlineData("legacy-float32", 8, 0.18215, 0)]
    public void A_strength_of_nothing_returns_the_picture_as_the_autoencoder_sees_it(string name, int factor, double scale, double shift)
    {
        using var folder = new ModelFolder(name);
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path);
        Tensor<float> picture = Values.Tensor(0, 1, 3, 4 * factor, 8 * factor);
        GenerationResult result = pipeline.Generate(new ImageToImageRequest("red", picture) { Steps = 4, Strength = 0, Seed = 7 });

        double[] encoded = PictureFormula.EncodeMean(picture, factor);
        AssertLatents(result, [1, 4, 4, 8], Array.ConvertAll(encoded, z => (z - shift) * scale), Float32 + (Math.Exp(-15) * 5));
        AssertPictures(result, [1, 3, 4 * factor, 8 * factor], PictureFormula.Decode(Array.ConvertAll(encoded, z => (float)z), 4, 8, factor, scale: 1, shift: 0), Float32 + (Math.Exp(-15) * 5));
    }

    private static SamplingByHand Optimum(double rounding) => new()
    {
        StepsOffset = 1,
        PredictionError = rounding,
        Conditional = MiniVocabulary.MeanContext("red"),
        Unconditional = MiniVocabulary.MeanContext("blue"),
        Guidance = 3,
    };

    private static void AssertLatents(GenerationResult result, nint[] shape, double[] expected, double tolerance)
    {
        Assert.Equal(shape, result.Latents.Lengths.ToArray());
        Assertions.Near(expected, result.Latents.Values(), tolerance);

        // A tolerance that the values themselves would pass is none.
        Assert.True(tolerance < 0.05 * expected.Max(Math.Abs), $"The tolerance is {tolerance}, the largest value {expected.Max(Math.Abs)}.");
    }

    private static void AssertPictures(GenerationResult result, nint[] shape, double[] expected, double tolerance)
    {
        Assert.All(result.Images, image => Assert.Equal(shape, image.Pixels.Lengths.ToArray()));
        Assertions.Near(expected, result.Images.SelectMany(image => image.Pixels.Values().ToArray()).ToArray(), tolerance);
    }
}
