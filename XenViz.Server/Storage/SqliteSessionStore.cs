using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace XenViz.Server.Storage;

/// <summary>Sessions in the SQLite file.</summary>
internal sealed class SqliteSessionStore(IDbContextFactory<XenVizDbContext> databases) : ISessionStore
{
    // The log says what happened lately; the recording alone brings a session back.
    private const int LogLength = 1000;
    private const int ConstraintViolated = 19;

    public async Task<SessionRow?> FindAsync(string id, CancellationToken cancellation)
    {
        await using var database = await databases.CreateDbContextAsync(cancellation);
        return await database.Sessions.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellation);
    }

    public async Task<bool> SaveAsync(
        SessionRow session, IReadOnlyList<CommandRow> commands, CancellationToken cancellation)
    {
        await using var database = await databases.CreateDbContextAsync(cancellation);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var known = await database.Sessions.AnyAsync(row => row.Id == session.Id, cancellation);
        database.Entry(session).State = known ? EntityState.Modified : EntityState.Added;
        database.Commands.AddRange(commands);
        try
        {
            await database.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException error) when (
            error.InnerException is SqliteException { SqliteErrorCode: ConstraintViolated })
        {
            return false;
        }

        var oldest = session.Sequence - LogLength;
        await database.Commands.Where(row => row.Session == session.Id && row.Sequence <= oldest)
            .ExecuteDeleteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    public async Task TrimAsync(int most, Func<string, bool> inUse, CancellationToken cancellation)
    {
        await using var database = await databases.CreateDbContextAsync(cancellation);
        var excess = await database.Sessions.CountAsync(cancellation) - most;
        if (excess <= 0)
        {
            return;
        }

        var oldest = await database.Sessions.OrderBy(row => row.Updated).Select(row => row.Id)
            .ToListAsync(cancellation);
        foreach (var id in oldest.Where(id => !inUse(id)).Take(excess))
        {
            await database.Commands.Where(row => row.Session == id).ExecuteDeleteAsync(cancellation);
            await database.Sessions.Where(row => row.Id == id).ExecuteDeleteAsync(cancellation);
        }
    }

    public async Task<IReadOnlySet<string>> ImagesAsync(CancellationToken cancellation)
    {
        await using var database = await databases.CreateDbContextAsync(cancellation);
        return await database.Sessions.Where(row => row.Image != null).Select(row => row.Image!)
            .ToHashSetAsync(cancellation);
    }
}
