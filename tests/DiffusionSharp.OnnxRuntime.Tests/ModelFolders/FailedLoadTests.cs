using DiffusionSharp.OnnxRuntime.Tests.Support;

namespace DiffusionSharp.OnnxRuntime.Tests.ModelFolders;

/// <summary>
/// A load that fails keeps no model. ONNX Runtime maps external weights into memory for as long as a session lives: Linux lists the
/// mapping, and Windows would not let the folder be deleted at the end of the test.
/// </summary>
public class FailedLoadTests
{
    [Theory]
    [InlineData("optimum-float32", "unet/model.onnx_data")]
    [InlineData("legacy-float32", "unet/weights.pb")]
    public void Weights_beside_a_model_are_held_while_the_pipeline_lives(string name, string weights)
    {
        using var folder = new ModelFolder(name);
        using (DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path))
        {
            AssertMapped(OperatingSystem.IsLinux(), folder.File(weights));
        }

        AssertMapped(false, folder.File(weights));
    }

    [Fact]
    public async Task Weights_of_a_model_that_does_not_stay_are_held_from_the_first_step_to_the_last()
    {
        using var folder = new ModelFolder("optimum-float32");
        string weights = folder.File("unet/model.onnx_data");
        var options = new OnnxPipelineOptions { Onnx = new OnnxOptions { Lifetime = SessionLifetime.UnloadAfterUse } };
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path, options);
        AssertMapped(false, weights);
        await foreach (DenoisingStep step in pipeline.StreamAsync(new TextToImageRequest("red") { Steps = 3, Seed = 1 }))
        {
            AssertMapped(!step.IsLast && OperatingSystem.IsLinux(), weights);
            Assert.Equal([1, 4, 8, 8], step.PredictOriginal().Lengths.ToArray());
            Assert.Single(await step.DecodePreviewAsync());
        }

        AssertMapped(false, weights);
    }

    [Theory]
    [InlineData("text_encoder")]
    [InlineData("vae_decoder")]
    public void Every_model_is_released_when_one_of_them_fails_to_load(string broken)
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Write($"{broken}/model.onnx", "not a model");
        for (int attempt = 0; attempt < 3; attempt++)
        {
            var error = Assert.Throws<ModelFormatException>(() => OnnxDiffusionPipeline.Load(folder.Path));
            Assert.Equal(folder.File($"{broken}/model.onnx"), error.Path);
            AssertMapped(false, folder.File("unet/model.onnx_data"));
        }
    }

    [Fact]
    public void A_predictor_that_turns_out_unusable_is_released()
    {
        using var folder = new ModelFolder("optimum-float32");
        folder.Write("unet/config.json", "not JSON");
        Assert.Throws<ModelFormatException>(() => new OnnxNoisePredictor(folder.File("unet/model.onnx")));
        AssertMapped(false, folder.File("unet/model.onnx_data"));
    }

    private static void AssertMapped(bool expected, string path) =>
        Assert.Equal(expected, OperatingSystem.IsLinux() && File.ReadLines("/proc/self/maps").Any(line => line.EndsWith(path, StringComparison.Ordinal)));
}
