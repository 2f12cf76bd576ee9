namespace GpuCheck;

/// <content>What a check does with a loaded model: agreement, repetition, allocation, times, batching, cancellation.</content>
internal sealed partial class Checks
{
    private void Agree(string name, Library reference, Library other, Job job)
    {
        List<float[]> a = reference.Trajectory(job).Result, b = other.Trajectory(job).Result;
        double[] max = [.. a.Zip(b, (x, y) => Numbers.MaxRelative(y, x))];
        report.Line(name, ("last", max[^1]), ("normLast", Numbers.RelativeNorm(b[^1], a[^1])), ("maxRelativeByStep", max));
    }

    private void Repeat(string name, Library library, Job job)
    {
        float[] first = library.Generate(job).Latents, second = library.Generate(job).Latents;
        report.Line(name, ("ok", Numbers.Same(first, second)), ("maxRelative", Numbers.MaxRelative(second, first)));
    }

    private void Concurrent(string name, Library library, int steps)
    {
        Job[] jobs = [.. Enumerable.Range(1, 4).Select(seed => new Job(steps, 1, seed))];
        float[][] alone = [.. jobs.Select(job => library.Generate(job).Latents)];
        foreach (int count in (int[])[2, 4])
        {
            float[][] together = Task.WhenAll(jobs.Take(count).Select(async job => (await library.GenerateAsync(job)).Latents)).Result;
            double[] differences = [.. together.Zip(alone, (x, y) => Numbers.MaxRelative(x, y))];
            report.Line(name, ("together", count), ("ok", differences.All(difference => difference == 0)), ("maxRelative", differences));
        }
    }

    private void Allocation(string name, string on, Library library, Job job)
    {
        var at = new long[job.Steps + 1];
        for (int round = 0; round < 3; round++)
        {
            library.Generate(job, step => at[step] = GC.GetAllocatedBytesForCurrentThread());
        }

        // The last step is reported after the generation's end is noted (buffers freed, durations recorded), which is paid once and is no part of a step.
        long[] each = [.. Enumerable.Range(2, Math.Max(job.Steps - 2, 0)).Select(step => at[step] - at[step - 1])];
        report.Line(name, ("device", on), ("ok", each.All(bytes => bytes == 0)), ("bytesByStep", each), ("bytesOfLastStepAndEnd", at[^1] - at[^2]));
    }

    // A step of the library, a bare run with copies, and a bare run without, in turn.
    private void StepTimes(string name, Library library, BareModel bare, int pictures, int steps)
    {
        using var onDevice = new BareLoop(bare, 2 * pictures, Buffers.OnDevice);
        using var onHost = new BareLoop(bare, 2 * pictures, Buffers.OnHost);
        int warm = 3;
        for (int i = 0; i < warm; i++)
        {
            onDevice.Run();
            onHost.Run();
        }

        library.Generate(new Job(warm, pictures));
        List<double> model = [], copies = [], step = [];
        int rounds = 3;
        for (int round = 0; round < rounds; round++)
        {
            long last = 0;
            var times = new List<double>();
            library.Generate(new Job(steps, pictures), _ =>
            {
                long now = System.Diagnostics.Stopwatch.GetTimestamp();
                if (last != 0)
                {
                    times.Add(System.Diagnostics.Stopwatch.GetElapsedTime(last, now).TotalSeconds);
                }

                last = now;
            });
            step.AddRange(times);
            for (int i = 0; i < steps - 1; i++)
            {
                model.Add(Numbers.Seconds(onDevice.Run));
            }

            for (int i = 0; i < steps - 1; i++)
            {
                copies.Add(Numbers.Seconds(onHost.Run));
            }
        }

        report.Line(name, ("device", device.Name), ("pictures", pictures), ("rows", 2 * pictures),
            ("libraryMs", 1e3 * Numbers.Median(step)), ("bareOnHostMs", 1e3 * Numbers.Median(copies)), ("bareOnDeviceMs", 1e3 * Numbers.Median(model)),
            ("libraryToBareOnDevice", Numbers.Median(step) / Numbers.Median(model)), ("samples", step.Count));
    }

    private void Batching(string name, Library alone, Func<int, Library> batching, int steps)
    {
        int clients = small ? 4 : 16;
        Job[] jobs = [.. Enumerable.Range(1, clients).Select(seed => new Job(steps, 1, seed))];
        float[][] expected = [.. jobs.Select(job => alone.Generate(job).Latents)];
        double sequential = Numbers.Seconds(() => Array.ForEach(jobs, job => alone.Generate(job)));
        long before = Gpu.UsedMiB();

        // By round: the first one also pays for what each further call at a time needs.
        double[] concurrent = [.. Enumerable.Range(0, 3).Select(_ => Numbers.Seconds(() => Task.WhenAll(jobs.Select(job => alone.GenerateAsync(job))).Wait()))];
        report.Line(name, ("clients", clients), ("steps", steps), ("sequentialPicturesPerSecond", clients / sequential),
            ("concurrentPicturesPerSecondByRound", concurrent.Select(seconds => clients / seconds)), ("gpuMiBBefore", before), ("gpuMiB", Gpu.UsedMiB()));
        foreach (int rows in (int[])[8, 32])
        {
            using Library shared = batching(rows);
            var rounds = new double[3];
            float[][] together = [];
            for (int round = 0; round < rounds.Length; round++)
            {
                rounds[round] = Numbers.Seconds(() => together = Task.WhenAll(jobs.Select(async job => (await shared.GenerateAsync(job)).Latents)).Result);
            }

            report.Line(name, ("maxRows", rows), ("picturesPerSecondByRound", rounds.Select(seconds => clients / seconds)), ("ratioToSequential", sequential / rounds[^1]),
                ("rowsInACall", shared.Shared is { } s ? 2.0 * s.Predictions / s.Calls : double.NaN), ("maxRelativeToAlone", together.Zip(expected, (x, y) => Numbers.MaxRelative(x, y)).Max()), ("gpuMiB", Gpu.UsedMiB()),
                ("calls", shared.CallTimes()));
        }
    }

    private void Cancel(string name, Library library)
    {
        var job = new Job(small ? 200 : 50, small ? 2 : 8);
        library.Generate(job with { Steps = 2 });
        foreach (int milliseconds in (int[])[20, 150, 400])
        {
            using var source = new CancellationTokenSource();
            long cancelled = 0;
            int done = 0;
            string outcome = "ran to its end";
            Task cancelling = Task.Run(async () =>
            {
                await Task.Delay(milliseconds);
                cancelled = System.Diagnostics.Stopwatch.GetTimestamp();
                source.Cancel();
            });
            try
            {
                library.Generate(job, step => done = step, source.Token);
            }
            catch (OperationCanceledException)
            {
                outcome = "cancelled";
            }

            double latency = cancelled == 0 ? double.NaN : System.Diagnostics.Stopwatch.GetElapsedTime(cancelled).TotalSeconds;
            cancelling.Wait();
            report.Line(name, ("afterMs", milliseconds), ("outcome", outcome), ("stepsDone", done), ("latencyMs", latency * 1e3));
        }

        // After that the model must still answer, and alike.
        Repeat(name, library, new Job(3));
    }

    private void AgreeWith(float[] cpu, float[]? torch, string of, float[] found) =>
        report.Line("unet-values", ("of", of), ("maxRelativeToCpu", Numbers.MaxRelative(found, cpu)), ("normToCpu", Numbers.RelativeNorm(found, cpu)), ("normToTorch", torch is null ? null : Numbers.RelativeNorm(found, torch)));
}
