using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Prediction.Batching;

/// <summary>Which predictions share a call, and that each gets its own result from it.</summary>
public class MergingTests
{
    [Fact]
    public void A_generation_alone_is_predicted_as_it_is()
    {
        var model = new RowPredictor();
        using var batching = new BatchingNoisePredictor(model, Generations.Patient);
        PredictionPlan plan = Generations.Plan(1, rows: 2);
        using IPredictionRun run = batching.Start(plan);
        Generations.PredictHere(run, plan, 700);
        Generations.PredictHere(run, plan, 12.5);
        Assert.Equal([[700, 700], [12.5, 12.5]], model.Calls);
        Assert.Equal(new BatchingStatistics(0, 2, 2, 4, 0), batching.Statistics);
    }

    [Fact]
    public async Task Generations_at_timesteps_of_their_own_share_a_call()
    {
        var model = new RowPredictor();
        using var batching = new BatchingNoisePredictor(model, Generations.Patient);
        PredictionPlan[] plans = [Generations.Plan(1), Generations.Plan(2, rows: 2), Generations.Plan(3, rows: 3)];
        IPredictionRun[] runs = [.. plans.Select(batching.Start)];
        for (int step = 0; step < 3; step++)
        {
            await Task.WhenAll(runs.Select((run, i) => Generations.Predict(run, plans[i], (100 * i) + step)));
        }

        Assert.Equal(3, model.Calls.Count);
        Assert.All(model.Calls, (rows, step) => Assert.Equal([step, 100 + step, 100 + step, 200 + step, 200 + step, 200 + step], rows.Order()));
        Assert.Equal(new BatchingStatistics(0, 3, 9, 18, 0), batching.Statistics);
        Array.ForEach(runs, run => run.Dispose());
    }

    [Fact]
    public async Task A_model_of_one_timestep_merges_those_that_are_at_the_same()
    {
        using var gate = new Gate();
        var model = new RowPredictor { HasTimestepPerRow = false, InCall = gate.Hold };
        using var batching = new BatchingNoisePredictor(model, Generations.Patient);
        Task[] all = await Queue(batching, gate, (1, 5), (1, 7), (1, 5), (1, 7));
        gate.Open();
        await Task.WhenAll(all);
        Assert.Equal([[0], [5, 5], [7, 7]], model.Calls);
    }

    [Fact]
    public async Task A_call_has_no_more_rows_than_allowed_and_nobody_overtakes()
    {
        using var gate = new Gate();
        var model = new RowPredictor { InCall = gate.Hold };
        using var batching = new BatchingNoisePredictor(model, Generations.Patient with { MaxRows = 4 });
        Task[] all = await Queue(batching, gate, (2, 1), (1, 2), (2, 3), (1, 4), (6, 5), (4, 6));
        gate.Open();
        await Task.WhenAll(all);

        // The sixth row of the queue does not fit behind the first three, and the row after it waits with it.
        Assert.Equal([[0], [1, 1, 2], [3, 3, 4], [5, 5, 5, 5, 5, 5], [6, 6, 6, 6]], model.Calls);
    }

    [Fact]
    public async Task The_oldest_goes_first_whatever_its_shape()
    {
        using var gate = new Gate();
        var model = new RowPredictor { InCall = gate.Hold };
        using var batching = new BatchingNoisePredictor(model, Generations.Patient);
        PredictionPlan[] plans = [Generations.Plan(1), Generations.Plan(2, width: 5), Generations.Plan(3, tokens: 4), Generations.Plan(4), Generations.Plan(5, width: 5)];
        Task[] all = await Queue(batching, gate, plans);
        gate.Open();
        await Task.WhenAll(all);
        Assert.Equal([[0], [1, 4], [2, 5], [3]], model.Calls);
    }

    [Fact]
    public async Task Conditions_of_every_kind_stay_with_their_rows()
    {
        // A function sees one timestep, and all conditions.
        NoisePredictorFunction sumOfConditions = static (sample, timestep, plan, prediction) =>
        {
            Conditioning c = plan.Conditioning;
            for (int row = 0; row < plan.Shape.Batch; row++)
            {
                prediction[row] = sample[row] + c.Pooled!.Values()[row] + (10 * c.ClassLabels!.Values()[row]) + (100 * c.Concatenated!.Values()[row]) + (1000 * c["size"]!.Values.Values()[row]);
            }
        };
        using var gate = new Gate();
        using var batching = new BatchingNoisePredictor(NoisePredictor.FromFunction((sample, timestep, plan, prediction) =>
        {
            gate.Hold(plan.CancellationToken);
            sumOfConditions(sample, timestep, plan, prediction);
        }));

        Task[] all = [.. Enumerable.Range(1, 3).Select(number => Generations.OnThread(() =>
        {
            var plan = new PredictionPlan(new SampleShape(2, 1, 1, 1), Conditioning.Of((ConditionNames.Pooled, Column(number, number + 1)), (ConditionNames.ClassLabels, Tensor.Create<float>([number, number + 2], [2])), (ConditionNames.Concatenated, Tensor.Create<float>([number, number + 3], [2, 1, 1, 1])), ("size", Column(number, number + 4))));
            using IPredictionRun run = batching.Start(plan);
            run.Predict(0);
            Assert.Equal([number * 1111, (number * 1111) + 1 + 20 + 300 + 4000], run.Prediction);
        }))];
        gate.WaitForCall();
        gate.Open();
        await Task.WhenAll(all);

        static Tensor<float> Column(float first, float second) => Tensor.Create([first, second], [2, 1]);
    }

    // With a first call held at timestep 0: predictions of (rows, timestep) in this order, each of a generation that then ends.
    private static Task<Task[]> Queue(BatchingNoisePredictor batching, Gate gate, params (int Rows, double Timestep)[] predictions) =>
        Queue(batching, gate, [.. predictions.Select((prediction, i) => Generations.Plan(i, prediction.Rows))], [.. predictions.Select(prediction => prediction.Timestep)]);

    private static Task<Task[]> Queue(BatchingNoisePredictor batching, Gate gate, PredictionPlan[] plans) =>
        Queue(batching, gate, plans, [.. Enumerable.Range(1, plans.Length).Select(i => (double)i)]);

    private static async Task<Task[]> Queue(BatchingNoisePredictor batching, Gate gate, PredictionPlan[] plans, double[] timesteps)
    {
        Task first = Once(Generations.Plan(0), 0);
        gate.WaitForCall();
        List<Task> all = [first];
        for (int i = 0; i < plans.Length; i++)
        {
            all.Add(Once(plans[i], timesteps[i]));
            Generations.WaitForQueue(batching, i + 1);
        }

        await Task.Yield();
        return [.. all];

        Task Once(PredictionPlan plan, double timestep) => Generations.OnThread(() =>
        {
            using IPredictionRun run = batching.Start(plan);
            Generations.PredictHere(run, plan, timestep);
        });
    }
}
