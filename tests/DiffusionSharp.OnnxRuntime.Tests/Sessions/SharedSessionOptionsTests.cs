using DiffusionSharp.OnnxRuntime.Tests.Support;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Tests.Sessions;

/// <summary>Whatever the callback for session options returns, nothing crashes, and all sessions obey it.</summary>
public class SharedSessionOptionsTests
{
    [Fact]
    public void One_object_for_all_sessions_is_obeyed_by_all()
    {
        using var folder = new ModelFolder("optimum-float32");
        using var shared = new SessionOptions { ProfileOutputPathPrefix = folder.File("profile"), EnableProfiling = true };
        var options = new OnnxOptions { CreateSessionOptions = () => shared, Lifetime = SessionLifetime.UnloadAfterUse };
        using (DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(folder.Path, new OnnxPipelineOptions { Onnx = options }))
        {
            pipeline.Generate(new TextToImageRequest("red") { Steps = 2, Seed = 1 });
        }

        // Three to look at the models, three to draw.
        Assert.Equal(6, Directory.GetFiles(folder.Path, "profile*").Length);
        Assert.False(shared.IsClosed);
    }

    [Fact]
    public void One_object_for_folders_that_are_loaded_in_parallel()
    {
        using var folder = new ModelFolder("optimum-float32");
        using var shared = new SessionOptions();
        var options = new OnnxPipelineOptions { Onnx = new OnnxOptions { CreateSessionOptions = () => shared } };
        Parallel.For(0, 50, _ => OnnxDiffusionPipeline.Load(folder.Path, options).Dispose());
    }

    [Fact]
    public void The_same_object_twice_then_disposed()
    {
        var shared = new SessionOptions();
        var options = new OnnxOptions { CreateSessionOptions = () => shared };
        using OnnxNoisePredictor one = Fixture.Predictor("optimum-float32", options);
        using OnnxNoisePredictor two = Fixture.Predictor("optimum-float32", options);
        shared.Dispose();
        Assert.Throws<InvalidOperationException>(() => Fixture.Predictor("optimum-float32", options)).Says("CreateSessionOptions", "disposed");

        // What is loaded goes on.
        one.Start(Plans.WithContext()).Dispose();
        two.Start(Plans.WithContext()).Dispose();
    }

    [Fact]
    public void Options_that_are_disposed_while_folders_are_loaded()
    {
        using var folder = new ModelFolder("optimum-float32");
        for (int round = 0; round < 20; round++)
        {
            var shared = new SessionOptions();
            int calls = 0;
            var options = new OnnxPipelineOptions
            {
                Onnx = new OnnxOptions
                {
                    CreateSessionOptions = () =>
                    {
                        if (Interlocked.Increment(ref calls) == 3)
                        {
                            shared.Dispose();
                        }

                        return shared;
                    },
                },
            };
            Assert.Throws<InvalidOperationException>(() => OnnxDiffusionPipeline.Load(folder.Path, options)).Says("disposed");
        }
    }

    [Fact]
    public void Options_that_are_disposed_by_whoever_configures_them() => Assert.Throws<InvalidOperationException>(
        () => Fixture.Predictor("optimum-float32", new OnnxOptions { Configure = session => session.Dispose() })).Says("Configure", "disposed");

    [Fact]
    public void A_callback_that_throws_is_passed_on_as_it_is()
    {
        using var folder = new ModelFolder("optimum-float32");
        var options = new OnnxPipelineOptions { Onnx = new OnnxOptions { CreateSessionOptions = () => throw new FormatException("mine") } };
        Assert.Throws<FormatException>(() => OnnxDiffusionPipeline.Load(folder.Path, options)).Says("mine");
    }
}
