using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace XenViz.EndToEnd.Tests;

/// <summary>The built server as its own process, on a free loopback port, its data in a temporary place.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ProcessStartInfo start;
    private readonly string data;
    private readonly ConcurrentQueue<string> log = new();
    private Process process;

    private ServerProcess(ProcessStartInfo start, Uri address, string data)
    {
        this.start = start;
        this.data = data;
        Address = address;
        process = Run();
    }

    /// <summary>Where the server listens.</summary>
    public Uri Address { get; }

    /// <summary>What the server has printed so far.</summary>
    public string Log => string.Join('\n', log);

    /// <summary>Starts a server and waits until it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(params string[] arguments)
    {
        var data = Directory.CreateTempSubdirectory("xenviz-e2e-").FullName;
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = SourceTree.ServerFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] all =
        [
            SourceTree.ServerDll, "--urls", address.ToString(), "--XenViz:DataDirectory", data,

            // One server for all tests, and nobody leaves for as long as they take.
            "--XenViz:Sessions:Active", "2000", .. arguments,
        ];
        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        // It lives for minutes: what it would learn from watching itself costs more than it brings.
        start.Environment["DOTNET_TieredPGO"] = "0";
        var server = new ServerProcess(start, address, data);
        await server.WaitUntilReadyAsync();
        return server;
    }

    /// <summary>Ends the server as a crash would. Its data stays.</summary>
    public async Task CrashAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>Starts it again after a crash: same address, same data.</summary>
    public async Task StartAgainAsync()
    {
        process = Run();
        await WaitUntilReadyAsync();
    }

    /// <summary>Removes what it has kept; only while it does not run.</summary>
    public void ForgetData()
    {
        Directory.Delete(data, recursive: true);
        Directory.CreateDirectory(data);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await CrashAsync();
        Directory.Delete(data, recursive: true);
    }

    private Process Run()
    {
        var run = Process.Start(start)!;
        run.OutputDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        run.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        run.BeginOutputReadLine();
        run.BeginErrorReadLine();
        return run;
    }

    private async Task WaitUntilReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = Address };
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < StartLimit && !process.HasExited)
        {
            if (await IsReadyAsync(client))
            {
                return;
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException($"The server did not become ready. It printed:\n{Log}");
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // Below the ports that the system gives to connections: one of those could take it before the server does, also
    // between a crash and the start after it.
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: another one.
            }
        }
    }
}
