using System.Numerics.Tensors;
using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Conditions;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using Xunit.Abstractions;

namespace DiffusionSharp.Companions.Tests;

/// <summary>The upscaler doubles the size of a picture that it is shown, enlarged and noised, and makes it sharper than interpolation does.</summary>
public class UpscalerTests(UpscalerTests.Model companion, ITestOutputHelper output) : IClassFixture<UpscalerTests.Model>
{
    private const string Name = "emoji-upscaler";

    [Fact]
    public void A_picture_of_half_the_size_comes_nearer_to_the_true_one_than_by_interpolation() => BeatsInterpolation(Reference.RedHeart(), level: 0);

    [Fact]
    public void Pictures_may_have_another_size() => BeatsInterpolation(Pictures.Beside(Reference.RedHeart(), Pictures.UpsideDown(Reference.RedHeart())), level: 0);

    [Fact]
    public void It_counts_what_the_model_is_told_of_the_noise()
    {
        Tensor<float> truth = Reference.RedHeart();
        double right = Psnr.Between(truth, Upscale(truth, level: 200, told: 200));
        double wrong = Psnr.Between(truth, Upscale(truth, level: 200, told: 0));
        output.WriteLine($"{right:0.0} dB told the truth, {wrong:0.0} dB told that there is no noise");
        Assert.True(right > wrong, $"{right} dB told the truth, {wrong} dB told that there is no noise");
    }

    [Fact]
    public async Task Behind_the_model_of_classes_it_makes_a_cascade_whose_pictures_are_the_small_ones()
    {
        var progress = new Reports();
        using Cascade cascade = await OnnxCascade.LoadAsync([Companion.PathOf("emoji-classes"), Companion.PathOf(Name)], null, progress);
        Assert.Equal([("unet", 1, 2), ("unet", 2, 2)], progress.List.Select(report => (report.Part, report.Done, report.Count)));
        GenerationResult result = await cascade.GenerateAsync(new GenerationRequest { ClassLabel = 0, Count = 2, Steps = 50, Seed = 1, Parts = [new UpscalerSettings { Steps = 20, NoiseLevel = 50 }] });
        for (int i = 0; i < 2; i++)
        {
            Tensor<float> large = result.Images[i].Pixels;
            Assert.Equal([1, 3, 64, 64], large.Lengths);
            double near = Psnr.Between(result.Stages[0].Images[i].Pixels, Pictures.Shrink(large, 2));
            double far = Psnr.Between(result.Stages[0].Images[1 - i].Pixels, Pictures.Shrink(large, 2));
            output.WriteLine($"{near:0.0} dB from its own small picture, {far:0.0} dB from the other");
            Assert.True(near > far + 6, $"{near:0.0} dB from its own small picture, {far:0.0} dB from the other.");
        }
    }

    [Fact]
    public async Task A_cascade_whose_loading_is_stopped_after_one_of_its_folders_keeps_neither()
    {
        using var stop = new CancellationTokenSource();
        int sessions = 0;
        var options = new OnnxPipelineOptions { Onnx = new OnnxOptions { Lifetime = SessionLifetime.UnloadAfterUse, Configure = _ => sessions++ } };
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            OnnxCascade.LoadAsync([Companion.PathOf("emoji-classes"), Companion.PathOf(Name)], options, new Reports(stop.Cancel), stop.Token));
        Assert.Equal(stop.Token, error.CancellationToken);
        Assert.Equal(1, sessions);
    }

    private void BeatsInterpolation(Tensor<float> truth, int level)
    {
        double upscaled = Psnr.Between(truth, Upscale(truth, level, told: level));
        double bilinear = Psnr.Between(truth, Pictures.Enlarge(Pictures.Shrink(truth, 2)));
        output.WriteLine($"{upscaled:0.0} dB, {bilinear:0.0} dB by interpolation");
        Assert.True(upscaled > bilinear, $"{upscaled} dB, {bilinear} dB by interpolation");
    }

    // The noise of the level is in the picture that is enlarged; the model is told a level, too.
    private Tensor<float> Upscale(Tensor<float> truth, int level, int told)
    {
        Tensor<float> enlarged = Pictures.Enlarge(Pictures.Shrink(truth, 2));
        var noise = new float[enlarged.FlattenedLength];
        new TorchCpuNoise(1UL).Fill(noise);
        companion.Augmentation.AddNoise(enlarged.Values(), noise, level, noise);
        var request = new GenerationRequest
        {
            Height = (int)truth.Lengths[2],
            Width = (int)truth.Lengths[3],
            Steps = 20,
            Seed = 0,
            ClassLabel = told,
            Conditioning = Conditioning.Of((ConditionNames.Concatenated, Tensor.Create(noise, enlarged.Lengths))),
        };
        return companion.Pipeline.Generate(request).Images[0].Pixels;
    }

    private sealed class Reports(Action? then = null) : IProgress<LoadProgress>
    {
        public List<LoadProgress> List { get; } = [];

        public void Report(LoadProgress value)
        {
            List.Add(value);
            then?.Invoke();
        }
    }

    public sealed class Model : IDisposable
    {
        public DiffusionPipeline Pipeline { get; } = OnnxDiffusionPipeline.Load(Companion.PathOf(Name));

        /// <summary>The schedule of the noise in what is upscaled.</summary>
        public NoiseSchedule Augmentation { get; } =
            ((IDiscreteScheduler)SchedulerConfig.Load(Companion.PathOf(Name, "low_res_scheduler", "scheduler_config.json"))).Options.Schedule;

        public void Dispose() => Pipeline.Dispose();
    }
}
