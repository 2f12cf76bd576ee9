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

    public sealed class Model : IDisposable
    {
        private const string Name = "emoji-upscaler";

        public DiffusionPipeline Pipeline { get; } = OnnxDiffusionPipeline.Load(Companion.PathOf(Name));

        /// <summary>The schedule of the noise in what is upscaled.</summary>
        public NoiseSchedule Augmentation { get; } =
            ((IDiscreteScheduler)SchedulerConfig.Load(Companion.PathOf(Name, "low_res_scheduler", "scheduler_config.json"))).Options.Schedule;

        public void Dispose() => Pipeline.Dispose();
    }
}
