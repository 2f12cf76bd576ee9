using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Sessions;

/// <summary>The path of a device, inputs and outputs in memory of its own at fixed addresses, walked with the processor's memory as the device's.</summary>
public class DeviceMemoryTests
{
    [Theory]
    [InlineData("legacy-float32")]
    [InlineData("legacy-float16")]
    [InlineData("optimum-float32")]
    [InlineData("optimum-float16")]
    [InlineData("int32-timestep")]
    [InlineData("fine-timestep")]
    [InlineData("pooled-and-time-ids")]
    public void Predictions_are_those_of_the_hosts_memory_to_the_last_bit_and_allocate_nothing(string model)
    {
        using var device = new Devices();
        using OnnxNoisePredictor here = Fixture.Predictor(model);
        using OnnxNoisePredictor there = Fixture.Predictor(model, device.Options);
        using IRowwiseRun expected = here.StartRows(new PredictionPlan(Plans.Shape(2), Plans.PooledAndTimeIds(2)));
        using IRowwiseRun actual = there.StartRows(new PredictionPlan(Plans.Shape(2), Plans.PooledAndTimeIds(2)));
        for (int timestep = 999; timestep > 900; timestep -= 33)
        {
            AssertSame(timestep);
        }

        // Conditions that change between steps get there, too.
        expected.SetConditions(1, Plans.PooledAndTimeIds(1));
        actual.SetConditions(1, Plans.PooledAndTimeIds(1));
        AssertSame(5);

        long copies = device.Copies;
        Assert.Equal(0, AllocatedBytes.LeastOf(5, () =>
        {
            for (int timestep = 999; timestep >= 0; timestep -= 50)
            {
                actual.Predict(timestep);
            }
        }));
        Assert.Equal(0, (device.Copies - copies) % 3);
        Assert.True(device.Copies > copies);

        void AssertSame(double timestep)
        {
            float[] sample = Values.Array(expected.Sample.Length, (int)timestep);
            sample.CopyTo(expected.Sample);
            sample.CopyTo(actual.Sample);
            expected.Predict(timestep);
            actual.Predict(timestep);
            Assertions.SameBits(expected.Prediction, actual.Prediction);
        }
    }

    [Fact]
    public void Class_labels_and_concatenated_channels_get_there()
    {
        using var device = new Devices();
        foreach ((string model, Conditioning conditions) in ((string, Conditioning)[])[("concatenated", Plans.MaskAndLatents(2)), ("class-labels", Plans.Context(2).With(ConditionNames.ClassLabels, System.Numerics.Tensors.Tensor.Create<float>([3, 8], [2])))])
        {
            using OnnxNoisePredictor here = Fixture.Predictor(model);
            using OnnxNoisePredictor there = Fixture.Predictor(model, device.Options);
            var plan = new PredictionPlan(Plans.Shape(2), conditions);
            Assertions.SameBits(Predict(here, plan), Predict(there, plan));
        }
    }

    [Fact]
    public async Task Where_a_provider_runs_one_call_at_a_time_calls_wait_and_can_be_cancelled()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("endless", new OnnxOptions { OneRunAtATime = true });
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        Task running = Start(first.Token);
        await Task.Delay(100);
        Task waiting = Start(second.Token);
        await Task.Delay(100);
        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(running.IsCompleted);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Task Start(CancellationToken token) => Task.Factory.StartNew(
            () =>
            {
                using IPredictionRun run = predictor.Start(Plans.WithoutConditions() with { CancellationToken = token });
                run.Predict(1);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    [Fact]
    public void The_gate_opens_after_each_call_and_allocates_nothing()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32", new OnnxOptions { OneRunAtATime = true });
        using IPredictionRun run = predictor.Start(Plans.WithContext());
        Assert.Equal(0, AllocatedBytes.LeastOf(5, () =>
        {
            for (int i = 0; i < 20; i++)
            {
                run.Predict(i);
            }
        }));
    }

    private static float[] Predict(OnnxNoisePredictor predictor, PredictionPlan plan)
    {
        using IPredictionRun run = predictor.Start(plan);
        Values.Array(run.Sample.Length).CopyTo(run.Sample);
        run.Predict(7);
        return run.Prediction.ToArray();
    }
}
